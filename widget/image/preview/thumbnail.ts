// Makes a thumbnail of an image: decoded no larger than needed, upright, and small enough to keep hundreds of. Runs in worker and page.
import { type Bytes, readBytes } from '../bytes.js';
import { scalesJpeg } from '../decode/scales-jpeg.js';
import { releaseCanvas } from '../draw.js';
import { decodeHeic } from '../heic/decode-heic.js';
import type { ImageFacts } from '../image-facts.js';
import { isSameShape, orientSize, type Size } from '../resize-plan.js';
import { sniffImage } from '../sniff.js';
import { readHead } from './read-head.js';
import { isTooLarge, scaledSize, thumbnailSize } from './thumbnail-size.js';

/** A JPEG may carry megabytes of metadata before its size. */
const LONG_HEAD_BYTES = 4 * 1024 * 1024;
/** Kinds that we know no header of, such as icons, say nothing of their pixels: only small files are tried. */
const MAX_UNKNOWN_BYTES = 32_000_000;
const QUALITY = 0.8;

/** What the browser decoded; the caller closes it. */
type Decoded = ImageBitmap | VideoFrame;

/** @returns Undefined when the browser cannot decode the image, or when it is too large to be decoded for a thumbnail. */
export async function makeThumbnail(
  blob: Blob,
  head: Promise<Bytes> = readHead(blob),
): Promise<Blob | undefined> {
  try {
    const facts = await readFacts(blob, await head);
    const decoded = await decode(blob, facts);
    if (!decoded) return undefined;
    try {
      return await shrink(decoded, facts?.hasAlpha ?? true);
    } finally {
      decoded.close();
    }
  } catch {
    // Corrupt, or of a kind that this browser does not know: the row keeps its tile.
    return undefined;
  }
}

/** For browsers that cannot decode HEIC: takes seconds. @returns Undefined when this decoder cannot either. */
export async function makeHeicThumbnail(blob: Blob): Promise<Blob | undefined> {
  try {
    const { data, width, height } = await decodeHeic(blob);
    const target = thumbnailSize({ width, height });
    const bitmap = await createImageBitmap(new ImageData(data, width, height), {
      resizeWidth: target.width,
      resizeHeight: target.height,
      resizeQuality: 'medium',
    });
    try {
      return await shrink(bitmap, false);
    } finally {
      bitmap.close();
    }
  } catch {
    return undefined;
  }
}

async function readFacts(blob: Blob, head: Bytes): Promise<ImageFacts | undefined> {
  const facts = sniffImage(head);
  if (facts?.kind !== 'jpeg' || facts.width !== null) return facts;
  return sniffImage(await readBytes(blob, LONG_HEAD_BYTES));
}

async function decode(blob: Blob, facts: ImageFacts | undefined): Promise<Decoded | undefined> {
  if (!facts) return blob.size > MAX_UNKNOWN_BYTES ? undefined : createImageBitmap(blob);
  const { width, height, kind } = facts;
  if (width === null || height === null) return undefined;
  const isScaled = kind === 'jpeg' && decodesScaled(facts);
  const isPart = isScaled && facts.isScalable === true;
  if (isTooLarge({ width, height }, isPart)) return undefined;
  // Where all of it would be decoded after all.
  if (isTooLarge({ width, height }, false) && !(await scalesJpeg())) return undefined;
  return isScaled ? decodeScaled(blob, { width, height }) : decodeResized(blob, facts, { width, height });
}

/** Frames of older browsers do not say which way up they are. */
function decodesScaled({ orientation }: ImageFacts): boolean {
  if (!('ImageDecoder' in globalThis) || !('VideoFrame' in globalThis)) return false;
  return orientation === 1 || 'rotation' in VideoFrame.prototype;
}

/** A JPEG decoder skips what a smaller picture does not need. */
async function decodeScaled(blob: Blob, stored: Size): Promise<VideoFrame> {
  const { width, height } = scaledSize(stored, thumbnailSize(stored));
  const data = await blob.arrayBuffer();
  const decoder = new ImageDecoder({
    data,
    // Released when the decoder closes, not when the collector comes by.
    transfer: [data],
    type: 'image/jpeg',
    desiredWidth: width,
    desiredHeight: height,
  });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}

async function decodeResized(blob: Blob, facts: ImageFacts, stored: Size): Promise<ImageBitmap> {
  const shown = orientSize(stored, facts.orientation);
  const target = thumbnailSize(shown);
  if (target.width === shown.width) return createImageBitmap(blob);
  // One side only: where a browser means the sides as they are stored, the shape tells.
  const bitmap = await createImageBitmap(blob, { resizeWidth: target.width, resizeQuality: 'medium' });
  if (isSameShape(bitmap, shown)) return bitmap;
  bitmap.close();
  return createImageBitmap(blob);
}

async function shrink(decoded: Decoded, hasAlpha: boolean): Promise<Blob> {
  const { width, height } = thumbnailSize(sizeOf(decoded));
  const canvas = new OffscreenCanvas(width, height);
  try {
    // What is encoded at once need not go to the graphics card and back.
    const context = canvas.getContext('2d', { alpha: hasAlpha, willReadFrequently: true });
    if (!context) throw new Error('There is no canvas of this size.');
    context.imageSmoothingQuality = 'medium';
    context.drawImage(decoded, 0, 0, width, height);
    // Where WebP is not encoded, PNG comes out.
    return await canvas.convertToBlob({ type: hasAlpha ? 'image/webp' : 'image/jpeg', quality: QUALITY });
  } finally {
    releaseCanvas(canvas);
  }
}

function sizeOf(decoded: Decoded): Size {
  if ('width' in decoded) return decoded;
  return { width: decoded.displayWidth, height: decoded.displayHeight };
}
