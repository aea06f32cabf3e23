// Pictures that show what a scaler does: photos' statistics, noise and text, a zone plate, transparency; and their comparison.
import type { Pixels } from '../../../../widget/image/resample/resample.js';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** Numbers from 0 to 1, the same each time. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function drawPixels(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    data.set(colourAt(at % width, Math.floor(at / width)), at * 4);
  }
  return { data, width, height };
}

/** Discs of all sizes that hide one another have the spectrum and the edges of photos; noise as of a sensor lies on top. */
export function drawPhoto(width: number, height: number): Pixels {
  const random = createRandom(7);
  const picture = drawPixels(width, height, () => [128, 128, 128, 255]);
  const radii = Array.from({ length: 3000 }, () => width / (6 + 400 * random() ** 0.5));
  for (const radius of radii.sort((a, b) => b - a)) {
    const x = random() * width;
    const y = random() * height;
    const colour: Colour = [random() * 255, random() * 255, random() * 255, 255];
    for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(height, y + radius); row += 1) {
      const half = Math.sqrt(radius ** 2 - (row - y) ** 2);
      const end = Math.min(width, x + half);
      for (let at = Math.max(0, Math.ceil(x - half)); at < end; at += 1)
        picture.data.set(colour, (row * width + at) * 4);
    }
  }
  return mapColours(picture, (value) => value + (random() - 0.5) * 24);
}

/** Black strokes on white of one to three pixels: the hardest edges that there are. */
export function drawStrokes(width: number, height: number): Pixels {
  return drawPixels(width, height, (x, y) => {
    const isInk = (x * 3 + y * 2) % 37 < 3 || (x % 23 < 2 && y % 31 < 20) || y % 29 === 0;
    return isInk ? [0, 0, 0, 255] : [255, 255, 255, 255];
  });
}

/** Rings that get finer outwards, up to one pixel black, one white at the middle of each side. */
export function drawZonePlate(side: number): Pixels {
  return drawPixels(side, side, (x, y) => {
    const value = zoneAt(x + 0.5, y + 0.5, side);
    return [value, value, value, 255];
  });
}

export function zoneAt(x: number, y: number, side: number): number {
  return 127.5 + 127.5 * Math.cos((Math.PI / side) * ((x - side / 2) ** 2 + (y - side / 2) ** 2));
}

/** Colours change where nothing is seen of them, and alpha in steps and slopes. */
export function drawTransparent(width: number, height: number): Pixels {
  const random = createRandom(3);
  return drawPixels(width, height, (x, y) => {
    const alpha = (x >> 4) % 3 === 0 ? 0 : Math.min(255, (x * 5 + y * 3) % 400);
    return [random() * 255, (y * 7) % 256, alpha === 0 ? 255 : 30, alpha];
  });
}

function mapColours({ data, width, height }: Pixels, change: (value: number) => number): Pixels {
  return { data: data.map((value, at) => (at % 4 === 3 ? value : change(value))), width, height };
}

/** Of luma, in decibels. */
export function psnr(a: Pixels, b: Pixels): number {
  const [lumaA, lumaB] = [lumaOf(a), lumaOf(b)];
  const error = mean(lumaA.map((value, at) => (value - (lumaB[at] ?? 0)) ** 2));
  return error === 0 ? Infinity : 10 * Math.log10(255 ** 2 / error);
}

/**
 * Structural similarity of luma, mean over windows of 8 × 8.
 * https://doi.org/10.1109/TIP.2003.819861
 */
export function ssim(a: Pixels, b: Pixels): number {
  const { width, height } = a;
  const [lumaA, lumaB] = [lumaOf(a), lumaOf(b)];
  const windows: number[] = [];
  for (let top = 0; top + 8 <= height; top += 4) {
    for (let left = 0; left + 8 <= width; left += 4) {
      const places = Array.from({ length: 64 }, (_, at) => (top + (at >> 3)) * width + left + (at & 7));
      windows.push(
        similarity(
          places.map((at) => lumaA[at] ?? 0),
          places.map((at) => lumaB[at] ?? 0),
        ),
      );
    }
  }
  return mean(windows);
}

function similarity(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const varianceA = mean(a.map((value) => (value - meanA) ** 2));
  const varianceB = mean(b.map((value) => (value - meanB) ** 2));
  const covariance = mean(a.map((value, at) => (value - meanA) * ((b[at] ?? 0) - meanB)));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  return (
    ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
    ((meanA ** 2 + meanB ** 2 + c1) * (varianceA + varianceB + c2))
  );
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return sum / values.length;
}

function lumaOf({ data, width, height }: Pixels): Float64Array {
  return new Float64Array(width * height).map(
    (_, at) =>
      0.299 * (data[4 * at] ?? 0) + 0.587 * (data[4 * at + 1] ?? 0) + 0.114 * (data[4 * at + 2] ?? 0),
  );
}
