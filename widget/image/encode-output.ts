// One output of an image: its pixels on a canvas, encoded as the first of its types that the browser encodes well enough.
import type { RowSource } from './decode/row-source.js';
import type { Scale } from './create-scaler.js';
import { drawPixels, drawSource, paintWhiteBehind, releaseCanvas } from './draw.js';
import { encode, encodeByContent } from './encode.js';
import type { ImageFacts } from './image-facts.js';
import type { Pixels } from './resample/resample.js';
import { isSameSize, type Size } from './resize-plan.js';
import { needsMatte, type Output } from './transform-plan.js';

export interface Encoded {
  readonly blob: Blob;
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

export interface EncodeContext {
  readonly source: RowSource;
  readonly scale: Scale;
  readonly facts: ImageFacts;
  readonly quality: number;
  readonly signal: AbortSignal | undefined;
  /** Called when the picture is drawn: while it is encoded, which browsers do elsewhere, there is time for other things. */
  readonly meanwhile?: () => void;
}

/** How many bytes an output may have. */
export interface ByteLimit {
  readonly maxBytes: number;
  /** One that has more is better than none. */
  readonly isRequired: boolean;
}

interface Picture {
  readonly canvas: OffscreenCanvas;
  readonly pixels: Pixels | undefined;
}

/** Quality is lowered by this much when an image that must be re-encoded, or was scaled, came out larger than it was. */
const QUALITY_STEPS = [0, 0.15, 0.3];
const MIN_QUALITY = 0.1;

/**
 * @returns Undefined when nothing that is small enough can be made.
 * @throws {Error} When there is no memory for the picture; the signal's reason when aborted.
 */
export async function encodeOutput(
  output: Output,
  context: EncodeContext,
  limit: ByteLimit,
): Promise<Encoded | undefined> {
  const picture = await drawOutput(output, context);
  const { canvas } = picture;
  context.meanwhile?.();
  try {
    let larger: Blob | undefined;
    for (const type of output.types) {
      const isMatte = needsMatte(type, context.facts);
      // A picture that lost its transparency is worth less than a larger one.
      if (isMatte && larger) break;
      if (isMatte) paintWhiteBehind(canvas);
      const made = await encodePicture(picture, { type, output, context, limit });
      context.signal?.throwIfAborted();
      if (made && made.size <= limit.maxBytes) return { blob: made, type: made.type, ...output.size };
      larger = made ?? larger;
    }
    // Privacy before size: without its metadata even if larger.
    return limit.isRequired && larger ? { blob: larger, type: larger.type, ...output.size } : undefined;
  } finally {
    releaseCanvas(canvas);
  }
}

async function drawOutput({ size, isByContent }: Output, { source, scale }: EncodeContext): Promise<Picture> {
  const { draw, colorSpace } = source;
  // Nobody has to look at the pixels.
  if (draw && isSameSize(source, size) && !isByContent)
    return { canvas: drawSource(source, draw), pixels: undefined };
  const pixels = await scale(size);
  return { canvas: drawPixels(pixels, colorSpace), pixels };
}

interface EncodeTask {
  readonly type: string;
  readonly output: Output;
  readonly context: EncodeContext;
  readonly limit: ByteLimit;
}

async function encodePicture({ canvas, pixels }: Picture, task: EncodeTask): Promise<Blob | undefined> {
  const { type, output, limit } = task;
  const { quality, facts } = task.context;
  if (output.isByContent && type === 'image/png') return encodeByContent(canvas, pixels, quality);
  const isWanted = limit.isRequired || isScaled(output.size, facts);
  // Newer formats are smaller than JPEG by nature; that is no reason to make their picture worse.
  const mayTryLower = isWanted && facts.kind === 'jpeg' && type === output.types.at(-1);
  let smallest: Blob | undefined;
  for (const step of mayTryLower ? QUALITY_STEPS : [0]) {
    const made = await encode(canvas, type, Math.max(MIN_QUALITY, Math.min(1, quality) - step));
    if (!made || made.size <= limit.maxBytes) return made;
    smallest = made;
  }
  return smallest;
}

function isScaled(size: Size, { width, height }: ImageFacts): boolean {
  return size.width * size.height !== (width ?? 0) * (height ?? 0);
}
