// How good a scaled picture is: how much it resembles what libvips makes of the same source, and what it does to fine rings.
import sharp, { type Sharp } from 'sharp';
import { MAX_SIDE } from './cases.js';
import { zoneAt } from './draw-pictures.js';

export interface Likeness {
  /** Structural similarity of the luma, 1 for the same picture. https://doi.org/10.1109/TIP.2003.819861 */
  readonly ssim: number;
  /** Of the luma, in decibels. */
  readonly psnrDb: number;
}

export interface Rings {
  /** What is left where the rings are too fine for the result and it should be even grey; root of the mean square, of 255. */
  readonly aliasRms: number;
  /** How much of the coarse rings is left; 1 is all. */
  readonly contrast: number;
}

interface Luma {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** @throws {Error} When the result has another size than libvips gives. */
export async function compareWithSharp(result: Buffer, sourcePath: string): Promise<Likeness> {
  const wanted = sharp(sourcePath)
    .autoOrient()
    // JPEG's scaled decode would be another filter.
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', kernel: 'lanczos3', fastShrinkOnLoad: false });
  const [a, b] = await Promise.all([readLuma(sharp(result)), readLuma(wanted)]);
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`The result is ${a.width} × ${a.height}, not ${b.width} × ${b.height}.`);
  }
  return { ssim: similarity(a, b), psnrDb: noiseRatio(a.values, b.values) };
}

/** What libvips itself would get. */
export async function sharpsRings(sourcePath: string): Promise<Rings> {
  const options = { kernel: 'lanczos3', fastShrinkOnLoad: false } as const;
  return measureRings(await sharp(sourcePath).resize(MAX_SIDE, MAX_SIDE, options).png().toBuffer());
}

/** @param result - The zone plate at half its size. */
export async function measureRings(result: Buffer): Promise<Rings> {
  const { values, width } = await readLuma(sharp(result));
  const half = width / 2;
  // Where the source's rings reach the finest that half the size can hold.
  const limit = half / 2;
  let [alias, aliasCount, product, power] = [0, 0, 0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const x = index % width;
    const y = Math.floor(index / width);
    const radius = Math.hypot(x + 0.5 - half, y + 0.5 - half);
    const value = (values[index] ?? 0) - 127.5;
    if (radius > ALIAS_FROM * limit && radius < half) {
      alias += value ** 2;
      aliasCount += 1;
    } else if (radius < PASS_TO * limit) {
      const ideal = zoneAt(2 * x + 0.5, 2 * y + 0.5, 2 * width) - 127.5;
      product += value * ideal;
      power += ideal ** 2;
    }
  }
  return { aliasRms: Math.sqrt(alias / aliasCount), contrast: product / power };
}

const ALIAS_FROM = 1.25;
const PASS_TO = 0.5;

/** ITU-R BT.601. */
async function readLuma(image: Sharp): Promise<Luma> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const values = new Float32Array(info.width * info.height);
  for (let index = 0; index < values.length; index += 1) {
    const at = index * info.channels;
    values[index] = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  }
  return { values, width: info.width, height: info.height };
}

function noiseRatio(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}

/** The authors' constants and window: a bell of 11 pixels, its deviation 1.5. */
const WINDOW = Array.from({ length: 11 }, (_, index) => Math.exp(-((index - 5) ** 2) / (2 * 1.5 ** 2)));
const WEIGHT = WINDOW.reduce((sum, weight) => sum + weight);
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

function similarity(a: Luma, b: Luma): number {
  const meanA = smooth(a, (index) => a.values[index] ?? 0);
  const meanB = smooth(a, (index) => b.values[index] ?? 0);
  const squareA = smooth(a, (index) => (a.values[index] ?? 0) ** 2);
  const squareB = smooth(a, (index) => (b.values[index] ?? 0) ** 2);
  const product = smooth(a, (index) => (a.values[index] ?? 0) * (b.values[index] ?? 0));
  let sum = 0;
  for (let index = 0; index < meanA.length; index += 1) {
    const ma = meanA[index] ?? 0;
    const mb = meanB[index] ?? 0;
    const variances = (squareA[index] ?? 0) - ma ** 2 + (squareB[index] ?? 0) - mb ** 2;
    const covariance = (product[index] ?? 0) - ma * mb;
    sum += ((2 * ma * mb + C1) * (2 * covariance + C2)) / ((ma ** 2 + mb ** 2 + C1) * (variances + C2));
  }
  return sum / meanA.length;
}

/** Weighted means around every pixel that has all its neighbours. */
function smooth({ width, height }: Luma, valueAt: (index: number) => number): Float64Array {
  const span = WINDOW.length - 1;
  const across = new Float64Array((width - span) * height);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width - span; x += 1, to += 1) {
      let sum = 0;
      for (let tap = 0; tap <= span; tap += 1) sum += (WINDOW[tap] ?? 0) * valueAt(y * width + x + tap);
      across[to] = sum / WEIGHT;
    }
  }
  const columns = width - span;
  return Float64Array.from({ length: columns * (height - span) }, (_, index) => {
    let sum = 0;
    for (let tap = 0; tap <= span; tap += 1) sum += (WINDOW[tap] ?? 0) * (across[index + tap * columns] ?? 0);
    return sum / WEIGHT;
  });
}
