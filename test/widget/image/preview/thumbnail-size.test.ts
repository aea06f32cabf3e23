// The geometry of thumbnails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTooLarge, scaledSize, thumbnailSize } from '../../../../widget/image/preview/thumbnail-size.js';
import { isSameShape } from '../../../../widget/image/resize-plan.js';

test('a thumbnail covers its tile, keeps its shape and never grows', () => {
  assert.deepEqual(thumbnailSize({ width: 4032, height: 3024 }), { width: 213, height: 160 });
  assert.deepEqual(thumbnailSize({ width: 3024, height: 4032 }), { width: 160, height: 213 });
  assert.deepEqual(thumbnailSize({ width: 20, height: 10 }), { width: 20, height: 10 });
  assert.deepEqual(thumbnailSize({ width: 16_000, height: 1000 }), { width: 640, height: 40 });
  assert.deepEqual(thumbnailSize({ width: 60_000, height: 1 }), { width: 640, height: 1 });
});

test('a JPEG is decoded at the least eighth that is not below the target', () => {
  const target = { width: 213, height: 160 };
  assert.deepEqual(scaledSize({ width: 4032, height: 3024 }, target), { width: 504, height: 378 });
  assert.deepEqual(scaledSize({ width: 1600, height: 1200 }, target), { width: 400, height: 300 });
  assert.deepEqual(scaledSize({ width: 214, height: 161 }, target), { width: 214, height: 161 });
});

test('what would take too much memory is left out', () => {
  assert.equal(isTooLarge({ width: 16_320, height: 12_240 }, true), false);
  assert.equal(isTooLarge({ width: 16_320, height: 12_240 }, false), true);
  assert.equal(isTooLarge({ width: 65_000, height: 65_000 }, true), true);
});

test('rounding does not change a shape; changed sides do', () => {
  assert.equal(isSameShape({ width: 213, height: 160 }, { width: 4032, height: 3024 }), true);
  assert.equal(isSameShape({ width: 160, height: 120 }, { width: 3024, height: 4032 }), false);
});
