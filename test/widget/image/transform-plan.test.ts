// What is done with an image, decided from its header and the wishes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageFacts } from '../../../widget/image/image-facts.js';
import { planTransform } from '../../../widget/image/transform-plan.js';

const PHOTO: ImageFacts = {
  kind: 'jpeg',
  width: 600,
  height: 450,
  orientation: 1,
  hasAlpha: false,
  isAnimated: false,
  hasMetadata: true,
  profile: 'none',
  bitDepth: 8,
  isCmyk: false,
};
const INKS: ImageFacts = { ...PHOTO, isCmyk: true };

test('a photo that needs nothing is not drawn', () => {
  const { output, isUnmet } = planTransform(PHOTO, { maxWidth: 600 });

  assert.deepEqual([output, isUnmet], [undefined, false]);
});

for (const metadata of ['strip', 'keep'] as const) {
  test(`a photo that lies on its side is drawn upright, also where metadata: ${metadata}`, () => {
    const { output, isRequired, size } = planTransform({ ...PHOTO, orientation: 6 }, { metadata });

    assert.deepEqual(output?.size, { width: 450, height: 600 });
    assert.deepEqual([isRequired, size], [true, { width: 450, height: 600 }]);
  });
}

test('inks are not drawn as lights: the picture stays, without its metadata, and it is said when more was asked for', () => {
  const asked = [{ maxWidth: 100 }, { format: 'webp' }] as const;

  for (const wishes of asked) {
    const { output, original, isUnmet } = planTransform(INKS, wishes);
    assert.deepEqual([output, original, isUnmet], [undefined, 'without-metadata', true]);
  }
  assert.equal(planTransform(INKS, {}).isUnmet, false);
});

test('it is said when a picture too large to be decoded cannot be given the format asked for', () => {
  const bomb: ImageFacts = { ...PHOTO, width: 65_535, height: 65_535 };

  const { output, isUnmet } = planTransform(bomb, { format: 'webp' });

  assert.deepEqual([output, isUnmet], [undefined, true]);
});
