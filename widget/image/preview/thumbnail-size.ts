// The geometry of thumbnails (pure): how large they are, and which part of a JPEG's pixels has to be decoded for that.
import type { Size } from '../resize-plan.js';

/** The short side covers a tile of 44 px at three device pixels each. */
const SHORT_PX = 160;
/** The long side of panoramas. */
const LONG_PX = 640;

/** JPEG can be decoded at so many eighths of its size. */
const EIGHTHS = [1, 2, 4, 8] as const;

/** A JPEG is decoded at an eighth of its size: what is left is less than a small photo. */
const MAX_SCALED_PIXELS = 400_000_000;
const MAX_WHOLE_PIXELS = 64_000_000;

/** Of the same shape; never larger than the source, never below one pixel. */
export function thumbnailSize({ width, height }: Size): Size {
  const factor = Math.min(1, SHORT_PX / Math.min(width, height), LONG_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** The least size that a JPEG decoder can give and that is not below the target. */
export function scaledSize(source: Size, target: Size): Size {
  const size = EIGHTHS.map((eighths) => ({
    width: Math.ceil((source.width * eighths) / 8),
    height: Math.ceil((source.height * eighths) / 8),
  })).find(({ width, height }) => width >= target.width && height >= target.height);
  return size ?? source;
}

/** Whether a header promises so many pixels that a thumbnail is not worth decoding them. */
export function isTooLarge({ width, height }: Size, isScaled: boolean): boolean {
  return width * height > (isScaled ? MAX_SCALED_PIXELS : MAX_WHOLE_PIXELS);
}
