// Decodes as the page itself would, and reads the pixels through a canvas as wide as the image and a few rows high:
// phones give no canvas for all of a large photo.
import type { RowSource } from './row-source.js';

interface Strip {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly rowCount: number;
}

/** @throws When the browser cannot decode it. */
export async function decodeBitmap(blob: Blob, colorSpace: PredefinedColorSpace): Promise<RowSource> {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  const { width, height } = bitmap;
  let strip: Strip | undefined;
  const read = async (top: number, rowCount: number) => {
    if (!strip || strip.rowCount < rowCount) strip = makeStrip({ width, rowCount, colorSpace });
    strip.context.drawImage(bitmap, 0, -top);
    return strip.context.getImageData(0, 0, width, rowCount, { colorSpace }).data;
  };
  const close = () => {
    bitmap.close();
    if (strip) strip.context.canvas.width = 0;
  };
  const draw = (context: OffscreenCanvasRenderingContext2D) => context.drawImage(bitmap, 0, 0);
  return { width, height, orientation: 1, colorSpace, read, draw, close };
}

interface StripOptions {
  readonly width: number;
  readonly rowCount: number;
  readonly colorSpace: PredefinedColorSpace;
}

function makeStrip({ width, rowCount, colorSpace }: StripOptions): Strip {
  const canvas = new OffscreenCanvas(width, rowCount);
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace });
  if (!context) throw new Error('There is no canvas of this size.');
  // What is transparent must not show the strip before.
  context.globalCompositeOperation = 'copy';
  return { context, rowCount };
}
