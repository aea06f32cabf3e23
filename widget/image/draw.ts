// Puts pictures on canvases, for only canvases can be encoded.
import type { RowSource } from './decode/row-source.js';
import type { Pixels } from './resample/resample.js';

type Context = OffscreenCanvasRenderingContext2D;

/** How far a canvas may be from what was put there; some browsers blur what pages read, a little. */
const TOLERANCE = 12;
const LOOKED_AT_ROWS = 32;

/**
 * @returns A canvas that the caller releases.
 * @throws {Error} When the browser gives no canvas of this size, or one that does not hold the picture.
 */
export function drawPixels(pixels: Pixels, colorSpace: PredefinedColorSpace): OffscreenCanvas {
  const { data, width, height } = pixels;
  const context = createContext(width, height, colorSpace);
  context.putImageData(new ImageData(data, width, height, { colorSpace }), 0, 0);
  if (!holds(context, pixels, colorSpace)) {
    releaseCanvas(context.canvas);
    throw new Error('The canvas does not hold the picture.');
  }
  return context.canvas;
}

/**
 * Draws a source at its own size.
 * @returns A canvas that the caller releases.
 * @throws {Error} When the browser gives no canvas of this size, or an empty one.
 */
export function drawSource(
  { width, height, colorSpace }: RowSource,
  draw: (context: Context) => void,
): OffscreenCanvas {
  const context = createContext(width, height, colorSpace);
  draw(context);
  if (isBlank(context)) {
    releaseCanvas(context.canvas);
    throw new Error('The canvas stayed empty.');
  }
  return context.canvas;
}

/** Puts white where pixels are transparent. */
export function paintWhiteBehind(canvas: OffscreenCanvas): void {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no canvas of this size.');
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
}

/** Gives the pixels back at once, not when the collector comes by: phones have room for few canvases. */
export function releaseCanvas(canvas: OffscreenCanvas): void {
  canvas.width = 0;
  canvas.height = 0;
}

/**
 * Browsers that guard against being recognised hand out noise, or white, for what is on a canvas.
 * @throws {Error} When what would be sent is not what was drawn.
 */
export function assertCanvasIsTrue(): void {
  const context = createContext(4, 4, 'srgb');
  const colours = Array.from({ length: 16 }, (_, at) => [16 * at, 255 - 13 * at, (89 * at) % 256, 255]);
  const pixels = { data: new Uint8ClampedArray(colours.flat()), width: 4, height: 4 };
  context.putImageData(new ImageData(pixels.data, 4, 4), 0, 0);
  const { data } = context.getImageData(0, 0, 4, 4);
  if (data.some((value, at) => Math.abs(value - (pixels.data[at] ?? 0)) > TOLERANCE))
    throw new Error('This browser does not let pages work on pictures.');
}

function createContext(width: number, height: number, colorSpace: PredefinedColorSpace): Context {
  const canvas = new OffscreenCanvas(width, height);
  // It is read once, by the encoder: a canvas in the graphics card would have to come back for that.
  const context = canvas.getContext('2d', { colorSpace, willReadFrequently: true });
  if (!context) throw new Error('There is no canvas of this size.');
  return context;
}

/** Canvases above a browser's limit do not fail: they stay transparent, and would be sent as a black image. */
function holds(context: Context, { data, width }: Pixels, colorSpace: PredefinedColorSpace): boolean {
  const opaque = findOpaque(data);
  const x = opaque % width;
  const y = Math.floor(opaque / width);
  const held = context.getImageData(x, y, 1, 1, { colorSpace }).data;
  // Where alpha is low, colours are rough.
  const tolerance = TOLERANCE + (255 - (held[3] ?? 0));
  return (
    held[3] !== 0 && held.every((value, at) => Math.abs(value - (data[opaque * 4 + at] ?? 0)) <= tolerance)
  );
}

/** The number of the first pixel that is wholly opaque, else of the most opaque one. */
function findOpaque(data: Uint8ClampedArray): number {
  let best = 3;
  for (let at = 3; at < data.length; at += 4) {
    if ((data[at] ?? 0) > (data[best] ?? 0)) best = at;
    if (data[best] === 255) break;
  }
  return (best - 3) / 4;
}

/** Looks at rows all over the picture, the first of which tells of nearly every one. */
function isBlank(context: Context): boolean {
  const { width, height } = context.canvas;
  return Array.from({ length: LOOKED_AT_ROWS }, (_, at) => at / LOOKED_AT_ROWS).every((part) => {
    const { data } = context.getImageData(0, Math.floor(part * height), width, 1);
    return data.every((value, at) => at % 4 !== 3 || value === 0);
  });
}
