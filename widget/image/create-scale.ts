// The sizes of one image: each is made once, from the smallest that is large enough to make it from.
import { readAhead } from './decode/read-ahead.js';
import type { RowSource } from './decode/row-source.js';
import { type Pixels, resample, resampleRows } from './resample/resample.js';
import { isSameSize, orientSize, type Size } from './resize-plan.js';
import { turnUpright } from './turn-upright.js';

export interface ScaleOptions {
  readonly isOpaque: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Upright pixels of a size.
 * @throws {Error} When the browser handed out none; the signal's reason when aborted.
 */
export type Scale = (target: Size) => Promise<Pixels>;

/** What is made from twice as many pixels to a side is as sharp as if made from the source. */
const ENOUGH = 2;

/** @param source - Stays the caller's to close. @returns Ask it for the largest size first. */
export function createScale(source: RowSource, options: ScaleOptions): Scale {
  const made: Pixels[] = [];
  return async (target) => {
    const same = made.find((pixels) => isSameSize(pixels, target));
    if (same) return same;
    const [enough] = made.filter((pixels) => isEnough(pixels, target)).sort((a, b) => a.width - b.width);
    const pixels = enough
      ? await resample(enough, target, resampleOptions(options))
      : await scaleSource(source, target, options);
    made.push(pixels);
    return pixels;
  };
}

function isEnough({ width, height }: Pixels, target: Size): boolean {
  return width >= ENOUGH * target.width && height >= ENOUGH * target.height;
}

async function scaleSource(source: RowSource, target: Size, options: ScaleOptions): Promise<Pixels> {
  const { orientation } = source;
  const stored = orientSize(target, orientation);
  const scaled = await resampleRows(readAhead(source), stored, resampleOptions(options));
  const pixels = turnUpright(scaled, orientation);
  if (isBlank(pixels, options.isOpaque)) throw new Error('The browser handed out no pixels.');
  return pixels;
}

function resampleOptions({ isOpaque, signal }: ScaleOptions) {
  return { isOpaque, ...(signal ? { signal } : {}) };
}

/** A canvas or bitmap for which there is no memory does not fail: its pixels are nothing, and would be sent as a black image. */
function isBlank({ data }: Pixels, isOpaque: boolean): boolean {
  for (let at = 3; at < data.length; at += 4) {
    if (isOpaque && data[at] !== 255) return true;
    if (!isOpaque && data[at] !== 0) return false;
  }
  return !isOpaque;
}
