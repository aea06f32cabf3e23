// The geometry of scaling: target size and the steps to it (pure).
import type { ImageFacts, Orientation } from './image-facts.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Null or absent means no limit, and so does what is no length. */
export interface SizeLimits {
  readonly maxWidth?: number | null;
  readonly maxHeight?: number | null;
}

/** A picture of 20 000² takes 48 kB as a file and 1.6 GB decoded; more than this many pixels are not decoded. */
const MAX_PIXELS = 100_000_000;

/** The size as it is shown: lying images change sides. */
export function orientSize({ width, height }: Size, orientation: Orientation): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** @returns Null when the header does not tell. */
export function shownSize({ width, height, orientation }: ImageFacts): Size | null {
  return width === null || height === null ? null : orientSize({ width, height }, orientation);
}

/** The largest size of the same shape within the limits; never larger than the source, never below one pixel. */
export function fitSize({ width, height }: Size, { maxWidth, maxHeight }: SizeLimits): Size {
  const factor = Math.min(1, limitOf(maxWidth) / width, limitOf(maxHeight) / height);
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

function limitOf(side: number | null | undefined): number {
  return side && side > 0 ? side : Infinity;
}

export function isDecodable({ width, height }: Size): boolean {
  return width > 0 && height > 0 && width * height <= MAX_PIXELS;
}

/** Half the sides, as a decoder gives them. */
export function halfSize({ width, height }: Size): Size {
  return { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
}

export function isSameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** Whether two sizes have the same shape, as far as rounding allows. */
export function isSameShape(a: Size, b: Size): boolean {
  return Math.abs(a.width * b.height - b.width * a.height) <= 0.03 * a.width * b.height;
}

/**
 * The sizes to draw one after the other; the last is the target. Browsers look at few source pixels
 * for each target pixel, so no step goes below half.
 */
export function planSteps(source: Size, target: Size): readonly Size[] {
  const half = halfSize(source);
  if (half.width <= target.width || half.height <= target.height) return [target];
  return [half, ...planSteps(half, target)];
}
