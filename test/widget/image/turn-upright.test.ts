// Every orientation of EXIF, on a picture whose pixels are numbered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDrawing } from '../../../widget/image/count-colours.js';
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

test('a drawing has 256 colours at most, or more along the edges of its flat parts', () => {
  assert.equal(isDrawing(paintColours(256)), true);
  assert.equal(isDrawing(paintColours(257)), false);
  assert.equal(isDrawing(paintOn({ flat: 6000, alpha: 255 })), true);
  assert.equal(isDrawing(paintOn({ flat: 3000, alpha: 255 })), false);
});

test('a photograph that was cut out is no drawing, however much was cut away', () => {
  assert.equal(isDrawing(paintOn({ flat: 6000, alpha: 0 })), false);
});

/** A thousand pixels, each of another colour, among pixels of one. */
function paintOn({ flat, alpha }: { readonly flat: number; readonly alpha: number }) {
  const ground = Array.from({ length: flat }, () => [9, 9, 9, alpha]);
  const data = new Uint8ClampedArray([...ground, ...paintColours(1000).data].flat());
  return { data, width: 1, height: data.length / 4 };
}

function paintColours(count: number) {
  const colours = Array.from({ length: 1000 }, (_, at) => [(at % count) & 255, (at % count) >> 8, 0, 255]);
  return { data: new Uint8ClampedArray(colours.flat()), width: 10, height: 100 };
}
