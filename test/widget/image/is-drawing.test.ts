// Drawings are told from photographs by their colours and their flat parts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDrawing } from '../../../widget/image/is-drawing.js';

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
