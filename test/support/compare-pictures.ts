// How far a picture is from what libvips makes of the same source: in steps of colour that an eye would tell apart.
import sharp, { type Sharp } from 'sharp';

export interface Distance {
  /** CIE76 on a white ground: 1 is hardly seen, 3 is hardly noticed. */
  readonly mean: number;
  /** What 99 of 100 pixels stay below. */
  readonly most: number;
  /** Mean, 0…255. */
  readonly alpha: number;
}

interface Raw {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** More pixels than these are looked at in steps. */
const MAX_SAMPLES = 150_000;
/** CIE's white of D65, in the order of X, Y, Z. */
const WHITE = [0.950_47, 1, 1.088_83] as const;

/**
 * @param source - Upright, or a file that says which way up it is.
 * @param shrink - Both are looked at in so many times fewer pixels to a side: how an encoder treats the finest grain is its own affair.
 * @returns The distance between a picture and its source at the same size.
 */
export async function compareWithSource(made: Buffer, source: Sharp, shrink = 1): Promise<Distance> {
  const { width, height } = await sharp(made).metadata();
  const wanted = await readRaw(scale(source.autoOrient(), { width, height }));
  const [a, b] = [await readRaw(sharp(made)), wanted];
  return measure(await shrinkBy(shrink, a), await shrinkBy(shrink, b));
}

function scale(image: Sharp, { width, height }: { readonly width: number; readonly height: number }): Sharp {
  return image.resize(width, height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false });
}

async function shrinkBy(factor: number, raw: Raw): Promise<Raw> {
  if (factor === 1) return raw;
  const { data, width, height } = raw;
  const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  return readRaw(scale(sharp(data, { raw: { width, height, channels: 4 } }), size));
}

async function readRaw(image: Sharp): Promise<Raw> {
  const { data, info } = await image
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function measure(a: Raw, b: Raw): Distance {
  const pixelCount = a.width * a.height;
  const step = Math.max(1, Math.floor(pixelCount / MAX_SAMPLES));
  const distances: number[] = [];
  let alpha = 0;
  for (let index = 0; index < pixelCount; index += step) {
    const at = index * 4;
    const [one, other] = [toLab(a.data, at), toLab(b.data, at)];
    distances.push(Math.hypot(...one.map((value, axis) => value - (other[axis] ?? 0))));
    alpha += Math.abs((a.data[at + 3] ?? 0) - (b.data[at + 3] ?? 0));
  }
  const sum = distances.reduce((total, distance) => total + distance, 0);
  distances.sort((x, y) => x - y);
  const most = distances[Math.floor(distances.length * 0.99)] ?? 0;
  return { mean: sum / distances.length, most, alpha: alpha / distances.length };
}

/** https://www.w3.org/TR/css-color-4/#color-conversion-code and CIE 15 (8.2.1) */
function toLab(data: Buffer, at: number): readonly [number, number, number] {
  const opacity = (data[at + 3] ?? 0) / 255;
  const [r, g, b] = [0, 1, 2].map((channel) =>
    toLight(((data[at + channel] ?? 0) / 255) * opacity + 1 - opacity),
  ) as [number, number, number];
  const x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / WHITE[0]);
  const y = curve((0.2126 * r + 0.7152 * g + 0.0722 * b) / WHITE[1]);
  const z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / WHITE[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function curve(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}
