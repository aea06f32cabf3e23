// Draws a bitmap at another size, in steps that leave no pixel out.
import { planSteps, type Size } from './resize-plan.js';

type Context = OffscreenCanvasRenderingContext2D;

/** What shows through transparent pixels: themselves, white, or nothing as there are none. */
export type Ground = 'transparent' | 'white' | 'none';

/**
 * @returns A canvas that the caller releases.
 * @throws {Error} When the browser gives no canvas of this size, or an empty one.
 */
export function drawScaled(bitmap: ImageBitmap, target: Size, ground: Ground): OffscreenCanvas {
  const [first = target, ...others] = planSteps(bitmap, target);
  let canvas = draw(bitmap, first);
  for (const size of others) {
    const larger = canvas;
    canvas = draw(larger, size);
    releaseCanvas(larger);
  }
  if (ground !== 'transparent' && isBlank(contextOf(canvas))) throw new Error('The canvas stayed empty.');
  if (ground === 'white') paintWhiteBehind(canvas);
  return canvas;
}

/** Puts white where pixels are transparent. */
export function paintWhiteBehind(canvas: OffscreenCanvas): void {
  const context = contextOf(canvas);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
}

/** Gives the pixels back at once, not when the collector comes by: phones have room for few canvases. */
export function releaseCanvas(canvas: OffscreenCanvas): void {
  canvas.width = 0;
  canvas.height = 0;
}

function draw(source: ImageBitmap | OffscreenCanvas, { width, height }: Size): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

function contextOf(canvas: OffscreenCanvas): Context {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no canvas of this size.');
  return context;
}

/** Canvases above a browser's limit do not fail: they stay transparent, and would be sent as a black image. */
function isBlank(context: Context): boolean {
  const { width, height } = context.canvas;
  // A picture with transparent corners is none of those.
  return [0, 0.25, 0.5, 0.75].every((part) => {
    const { data } = context.getImageData(Math.floor(part * width), Math.floor(part * height), 1, 1);
    return data[3] === 0;
  });
}
