// A few bytes that look like the image from afar, to show while it loads. https://evanw.github.io/thumbhash/
import { rgbaToThumbHash } from 'thumbhash';
import { fitSize, type Size } from './resize-plan.js';
import type { Pixels } from './resample/resample.js';

/** ThumbHash looks at no more. */
const MAX_SIDE = 100;

/** The size of the pixels that a placeholder is made of. */
export function placeholderSize(shown: Size): Size {
  return fitSize(shown, { maxWidth: MAX_SIDE, maxHeight: MAX_SIDE });
}

/** @returns ThumbHash, base64. */
export function makePlaceholder({ data, width, height }: Pixels): string {
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)));
}
