// What a photo's first bytes give at once: the thumbnail that its camera put there, upright. Runs in worker and page.
import type { Bytes } from '../bytes.js';
import { releaseCanvas } from '../draw.js';
import type { Orientation } from '../image-facts.js';
import { findThumbnail } from '../metadata/thumbnail.js';
import { orientSize, type Size } from '../resize-plan.js';
import { sniffImage } from '../sniff.js';
import { readHead } from './read-head.js';

const MAX_PIXELS = 1_000_000;
const QUALITY = 0.8;

/** @returns Undefined when there is none, or none that can be shown. */
export async function glanceAt(blob: Blob, head: Promise<Bytes> = readHead(blob)): Promise<Blob | undefined> {
  try {
    const bytes = await head;
    const place = findThumbnail(bytes);
    const thumbnail = place && bytes.subarray(place.start, place.end);
    const inner = thumbnail && sniffImage(thumbnail);
    if (!thumbnail || !inner?.width || !inner.height || inner.width * inner.height > MAX_PIXELS)
      return undefined;
    // The browser would turn it by its own EXIF, and nobody knows whether that is meant too.
    if (inner.orientation !== 1) return undefined;
    const bitmap = await createImageBitmap(new Blob([thumbnail], { type: 'image/jpeg' }));
    try {
      return await turn(bitmap, place.orientation, sniffImage(bytes));
    } finally {
      bitmap.close();
    }
  } catch {
    return undefined;
  }
}

interface Shape {
  readonly width: number | null;
  readonly height: number | null;
}

/** Turned as the picture is, and without the black bars that fill up the shape which cameras' thumbnails must have. */
async function turn(
  bitmap: ImageBitmap,
  orientation: Orientation,
  picture: Shape | undefined,
): Promise<Blob> {
  const size = cropTo(bitmap, picture);
  const { width, height } = orientSize(size, orientation);
  const canvas = new OffscreenCanvas(width, height);
  try {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('There is no canvas of this size.');
    context.setTransform(...turning(size, orientation));
    context.drawImage(bitmap, (size.width - bitmap.width) / 2, (size.height - bitmap.height) / 2);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  } finally {
    releaseCanvas(canvas);
  }
}

function cropTo({ width, height }: Size, picture: Shape | undefined): Size {
  if (!picture?.width || !picture.height) return { width, height };
  const ratio = picture.width / picture.height;
  return {
    width: Math.max(1, Math.min(width, Math.round(height * ratio))),
    height: Math.max(1, Math.min(height, Math.round(width / ratio))),
  };
}

type Matrix = readonly [number, number, number, number, number, number];

/** EXIF 4.6.4: where row 0 and column 0 of the stored picture are when it is shown. */
function turning({ width, height }: Size, orientation: Orientation): Matrix {
  const matrices: Readonly<Record<Orientation, Matrix>> = {
    1: [1, 0, 0, 1, 0, 0],
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, height, 0],
    7: [0, -1, -1, 0, height, width],
    8: [0, -1, 1, 0, 0, width],
  };
  return matrices[orientation];
}
