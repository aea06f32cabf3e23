// Bytes of pictures are used again, and never more than a few megabytes are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBytes, takeBytes } from '../../../../widget/image/resample/spare-bytes.js';

const MB = 2 ** 20;

test('bytes of the same length are handed out again, once', () => {
  const bytes = takeBytes(1000);
  giveBytes(bytes);

  assert.equal(takeBytes(1000), bytes);
  assert.notEqual(takeBytes(1000), bytes);
});

test('what came first goes when they become too many; what is too large is not kept', () => {
  const [first, second, third] = [takeBytes(13 * MB), takeBytes(14 * MB), takeBytes(15 * MB)];
  for (const bytes of [first, second, third]) giveBytes(bytes);
  assert.notEqual(takeBytes(13 * MB), first);
  assert.equal(takeBytes(14 * MB), second);
  assert.equal(takeBytes(15 * MB), third);

  const large = takeBytes(40 * MB);
  giveBytes(large);
  assert.notEqual(takeBytes(40 * MB), large);
});
