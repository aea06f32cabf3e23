// Decodes with WebCodecs where that is exact: fewer copies than a canvas, no loss by multiplying alpha in and out, and
// JPEG's own way of decoding at a fraction of the size.
import { hasHalfColours } from '../formats/jpeg.js';
import type { ImageFacts } from '../image-facts.js';
import { isSameSize, type Size } from '../resize-plan.js';
import { readPlanes } from './plane-rows.js';
import type { RowSource } from './row-source.js';

export interface FrameWish {
  /** What the decoder may make of the picture, in eighths of its sides; 8 is all of it. */
  readonly eighths: number;
  /** Whether what is made of it will hold colours at half the size anyway. */
  readonly isSubsampled: boolean;
  /** Whether all of it is worth the time where that gives planes. */
  readonly isWorthAll: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Of the WebCodecs specification, and newer than TypeScript's types. https://www.w3.org/TR/webcodecs/#videoframe-interface */
interface Turned {
  readonly rotation?: number;
  readonly flip?: boolean;
}

/** Until it turns out otherwise. */
let handsOutPlanes = true;

/**
 * Decoded at half its size, a pixel of a JPEG is the mean of 2 × 2: fine detail has lost as much contrast as if each
 * pixel had been mixed with so much of its neighbours; at a quarter or an eighth it is little more.
 */
const FRACTION_SOFTNESS = 1 / 32;

/** @returns Undefined where this browser cannot, or nobody could be sure of colours and orientation. */
export async function decodeFrame(
  blob: Blob,
  facts: ImageFacts,
  wish: FrameWish,
): Promise<RowSource | undefined> {
  if (typeof ImageDecoder === 'undefined' || !hasPlainColours(facts)) return undefined;
  const size = sizeOf(facts);
  const type = `image/${facts.kind}`;
  if (!size || !(await ImageDecoder.isTypeSupported(type))) return undefined;
  const data = await blob.arrayBuffer();
  wish.signal?.throwIfAborted();
  const isWhole = wish.isWorthAll && handsOutPlanes && hasHalfColours(new DataView(data));
  const eighths = isWhole ? 8 : wish.eighths;
  const scaled = scaleBy(size, eighths);
  const desired = eighths < 8 ? { desiredWidth: scaled.width, desiredHeight: scaled.height } : {};
  const decoder = new ImageDecoder({ data, type, preferAnimation: false, transfer: [data], ...desired });
  try {
    const { image } = await decoder.decode();
    const rows = await readRows(image, facts, { size, eighths, isSubsampled: wish.isSubsampled });
    if (isWhole && rows) handsOutPlanes = rows.planes !== undefined;
    if (!rows) image.close();
    return rows;
  } finally {
    decoder.close();
  }
}

/** Browsers convert other colours when they draw; of frames that is not known of all of them. */
function hasPlainColours({ profile, isCmyk }: ImageFacts): boolean {
  return !isCmyk && (profile === 'srgb' || profile === 'none');
}

async function readRows(
  frame: VideoFrame,
  facts: ImageFacts,
  wish: Pick<FrameWish, 'eighths' | 'isSubsampled'> & { readonly size: Size },
): Promise<RowSource | undefined> {
  const { width = 0, height = 0 } = frame.visibleRect ?? {};
  const extent = findExtent({ width, height }, wish);
  if (!extent || !tellsOrientation(frame, facts)) return undefined;
  const left = frame.visibleRect?.x ?? 0;
  const above = frame.visibleRect?.y ?? 0;
  let buffer = new Uint8ClampedArray(0);
  let other = buffer;
  const read = async (top: number, rowCount: number) => {
    const byteCount = width * rowCount * 4;
    [buffer, other] = [other.length < byteCount ? new Uint8ClampedArray(byteCount) : other, buffer];
    const rows = buffer.subarray(0, byteCount);
    const rect = { x: left, y: above + top, width, height: rowCount };
    await frame.copyTo(rows, { format: 'RGBA', rect });
    return rows;
  };
  // Not every browser gives RGBA of every frame.
  const isReadable = await read(0, 1).then(
    () => true,
    () => false,
  );
  if (!isReadable) return undefined;
  const { orientation } = facts;
  const softness = wish.eighths < 8 ? FRACTION_SOFTNESS : 0;
  const planes = wish.isSubsampled ? readPlanes(frame, { extent, softness }) : undefined;
  const close = () => frame.close();
  return { width, height, extent, softness, orientation, colorSpace: 'srgb', planes, read, close };
}

/** A browser that says nothing of a picture's turn may have turned it already. */
function tellsOrientation(frame: VideoFrame & Turned, { orientation }: ImageFacts): boolean {
  const isTurned = Boolean(frame.rotation) || Boolean(frame.flip);
  return isTurned === (orientation !== 1);
}

function sizeOf({ width, height }: ImageFacts): Size | undefined {
  return width === null || height === null ? undefined : { width, height };
}

/** @returns How much of the frame the picture covers: JPEG's last blocks are filled up. Undefined when it has a size of its own. */
function findExtent(
  frame: Size,
  { size, eighths }: { readonly size: Size; readonly eighths: number },
): Size | undefined {
  if (isSameSize(frame, size)) return size;
  if (!isSameSize(frame, scaleBy(size, eighths))) return undefined;
  return { width: (size.width * eighths) / 8, height: (size.height * eighths) / 8 };
}

function scaleBy({ width, height }: Size, eighths: number): Size {
  return { width: Math.ceil((width * eighths) / 8), height: Math.ceil((height * eighths) / 8) };
}
