// Every orientation of EXIF, on a picture whose pixels are numbered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Orientation } from '../../../widget/image/image-facts.js';
import { turnUpright } from '../../../widget/image/turn-upright.js';

/** Three wide, two high. */
const STORED = [1, 2, 3, 4, 5, 6];
/** As shown, row by row: what the tag's definition says of the first row and column. */
const SHOWN: Readonly<Record<Orientation, readonly (readonly number[])[]>> = {
  1: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  2: [
    [3, 2, 1],
    [6, 5, 4],
  ],
  3: [
    [6, 5, 4],
    [3, 2, 1],
  ],
  4: [
    [4, 5, 6],
    [1, 2, 3],
  ],
  5: [
    [1, 4],
    [2, 5],
    [3, 6],
  ],
  6: [
    [4, 1],
    [5, 2],
    [6, 3],
  ],
  7: [
    [6, 3],
    [5, 2],
    [4, 1],
  ],
  8: [
    [3, 6],
    [2, 5],
    [1, 4],
  ],
};

function pixelsOf(numbers: readonly number[], width: number) {
  const data = new Uint8ClampedArray(numbers.flatMap((number) => [number, 0, 0, 255]));
  return { data, width, height: numbers.length / width };
}

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
  test(`orientation ${orientation} is turned upright`, () => {
    const rows = SHOWN[orientation];

    const turned = turnUpright(pixelsOf(STORED, 3), orientation);

    assert.deepEqual({ ...turned }, { ...pixelsOf(rows.flat(), rows[0]?.length ?? 0) });
  });
}
