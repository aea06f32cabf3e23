// Pictures to bytes, by the browser's own encoders, which do not always give what was asked of them.
import { readBytes } from './bytes.js';
import { isDrawing } from './is-drawing.js';
import { containsText } from './contains-text.js';
import type { Pixels } from './resample/resample.js';
import { isSameSize } from './resize-plan.js';
import { sniffImage } from './sniff.js';

const HEAD_BYTES = 4096;
/** Chromium's WebP loses nothing at this. */
const LOSSLESS = 1;

/** @returns Undefined when the browser does not encode the type, or not at this size. */
export async function encode(
  canvas: OffscreenCanvas,
  type: string,
  quality: number,
): Promise<Blob | undefined> {
  // WebP knows no side above 16 383.
  const blob = await canvas.convertToBlob({ type, quality }).catch(() => undefined);
  // A browser that cannot encode the type answers with PNG.
  if (!blob || blob.type !== type || blob.size === 0) return undefined;
  const facts = sniffImage(await readBytes(blob, HEAD_BYTES));
  const isAsAsked =
    `image/${facts?.kind}` === type &&
    isSameSize(canvas, { width: facts?.width ?? 0, height: facts?.height ?? 0 });
  return isAsAsked ? blob : undefined;
}

/** A drawing becomes PNG, or WebP where that is smaller and loses nothing; a photograph becomes WebP, or PNG where there is none. */
export async function encodeByContent(
  canvas: OffscreenCanvas,
  pixels: Pixels | undefined,
  quality: number,
): Promise<Blob | undefined> {
  const isDrawn = !pixels || isDrawing(pixels);
  const webp = await encode(canvas, 'image/webp', isDrawn ? LOSSLESS : quality);
  if (webp && !isDrawn) return webp;
  const png = await encode(canvas, 'image/png', quality);
  if (!webp || !png) return png;
  return webp.size < png.size && (await isLossless(webp)) ? webp : png;
}

async function isLossless(webp: Blob): Promise<boolean> {
  return containsText(await readBytes(webp, HEAD_BYTES), ['VP8L']);
}
