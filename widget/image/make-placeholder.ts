// A few bytes that look like the image from afar, to show while it loads. https://evanw.github.io/thumbhash/
import { rgbaToThumbHash } from 'thumbhash';
import type { Scale } from './create-scaler.js';
import { fitSize, type Size } from './resize-plan.js';

/** ThumbHash looks at no more. */
const MAX_SIDE = 100;

/** The size that is looked at of an image of this size. */
export function placeholderSize(shown: Size): Size {
  return fitSize(shown, { maxWidth: MAX_SIDE, maxHeight: MAX_SIDE });
}

/** @param shown - The image's size. @returns ThumbHash, base64. */
export async function makePlaceholder(scale: Scale, shown: Size): Promise<string> {
  const { data, width, height } = await scale(placeholderSize(shown));
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)));
}
