// The sizes of one image: each is made once, from the smallest that is large enough to make it from.
import { readAhead } from './decode/read-ahead.js';
import type { RowSource } from './decode/row-source.js';
import { type Pixels, resample, resampleRows } from './resample/resample.js';
import { resamplePlanes } from './resample/resample-planes.js';
import { giveBytes } from './resample/spare-bytes.js';
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

export interface Scaler {
  /** Ask it for the largest size first. */
  readonly scale: Scale;
  /** Takes all pixels back: the next image may have their memory. */
  readonly release: () => void;
}

/** Of fewer pixels each shows, and at an odd side's end a colour stands for what is not there. */
const LEAST_SIDE = 16;

/** @param source - Stays the caller's to close. */
export function createScaler(source: RowSource, options: ScaleOptions): Scaler {
  const made: Pixels[] = [];
  const scale = async (target: Size): Promise<Pixels> => {
    const same = made.find((pixels) => isSameSize(pixels, target));
    if (same) return same;
    const [enough] = made.filter((pixels) => isEnough(pixels, target)).sort((a, b) => a.width - b.width);
    const pixels = enough
      ? await resample(enough, target, options)
      : await scaleSource(source, target, options);
    made.push(pixels);
    return pixels;
  };
  const release = () => {
    for (const { data } of made.splice(0)) giveBytes(data);
  };
  return { scale, release };
}

function isEnough({ width, height }: Pixels, target: Size): boolean {
  return width >= ENOUGH * target.width && height >= ENOUGH * target.height;
}

async function scaleSource(source: RowSource, target: Size, options: ScaleOptions): Promise<Pixels> {
  const { orientation } = source;
  const stored = orientSize(target, orientation);
  const planes = Math.min(stored.width, stored.height) < LEAST_SIDE ? undefined : source.planes;
  const pixels = planes
    ? await resamplePlanes(planes(), stored, options)
    : await resampleRows(readAhead(source), stored, options);
  // Those of planes are looked at before they have a colour.
  if (!planes && isBlank(pixels, options.isOpaque)) throw new Error('The browser handed out no pixels.');
  return turnUpright(pixels, orientation);
}

/** A canvas or bitmap for which there is no memory does not fail: its pixels are nothing, and would be sent as a black image. */
function isBlank({ data }: Pixels, isOpaque: boolean): boolean {
  for (let at = 3; at < data.length; at += 4) {
    if (isOpaque && data[at] !== 255) return true;
    if (!isOpaque && data[at] !== 0) return false;
  }
  return !isOpaque;
}
