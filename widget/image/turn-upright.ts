// Turns pixels the right way up (pure). https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf (4.6.4, Orientation)
import type { Orientation } from './image-facts.js';
import type { Pixels } from './resample/resample.js';
import { orientSize } from './resize-plan.js';

/** Where the first shown pixel is stored, and how far it is from there to its right and lower neighbours. */
interface Walk {
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** @returns The same pixels when they are upright. */
export function turnUpright(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return pixels;
  const size = orientSize(pixels, orientation);
  const { start, right, down } = planWalk(pixels, orientation);
  const source = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.length / 4);
  const turned = new Uint32Array(source.length);
  let at = 0;
  for (let y = 0; y < size.height; y += 1) {
    let from = start + y * down;
    for (let x = 0; x < size.width; x += 1, from += right) turned[at++] = source[from] ?? 0;
  }
  return { ...size, data: new Uint8ClampedArray(turned.buffer) };
}

function planWalk({ width, height }: Pixels, orientation: Orientation): Walk {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 1:
      return { start: 0, right: 1, down: width };
    case 2:
      return { start: lastColumn, right: -1, down: width };
    case 3:
      return { start: lastRow + lastColumn, right: -1, down: -width };
    case 4:
      return { start: lastRow, right: 1, down: -width };
    case 5:
      return { start: 0, right: width, down: 1 };
    case 6:
      return { start: lastRow, right: -width, down: 1 };
    case 7:
      return { start: lastRow + lastColumn, right: -width, down: -1 };
    case 8:
      return { start: lastColumn, right: width, down: -1 };
    default:
      return orientation satisfies never;
  }
}
