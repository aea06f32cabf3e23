// What is done with an image, decided from its header and the wishes.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { chooseEighths } from '../../../widget/image/decode/decode-image.js';
import type { ImageFacts } from '../../../widget/image/image-facts.js';
import { planRendition, planTransform } from '../../../widget/image/transform-plan.js';

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
const CAMERA: ImageFacts = { ...PHOTO, width: 4000, height: 3000 };
const LIMITS = { maxWidth: 2000, maxHeight: 2000 };
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

test('a huge photo is scaled where half of it will do, and a decoder need not hold the whole', () => {
  const huge: ImageFacts = { ...PHOTO, width: 16_320, height: 12_240, isScalable: true };

  assert.deepEqual(planTransform(huge, LIMITS).output?.size, { width: 2000, height: 1500 });
  const inTheWay = [
    [huge, { maxWidth: 8161 }],
    [huge, { format: 'webp' }],
    [{ ...huge, isScalable: false }, LIMITS],
    [{ ...huge, width: 65_535, height: 65_535 }, LIMITS],
    [{ ...huge, isCmyk: true }, LIMITS],
  ] as const;
  for (const [facts, wishes] of inTheWay) {
    const { output, isUnmet } = planTransform(facts, wishes);
    assert.deepEqual([output, isUnmet], [undefined, true]);
  }
  assert.equal(chooseEighths(huge, { target: { width: 8000, height: 6000 }, quality: 1 }), 4);
});

describe('planTransform', () => {
  it('scales what is too large, in its own format', () => {
    const { output, isUnmet } = planTransform(CAMERA, LIMITS);

    assert.deepEqual(output, {
      size: { width: 2000, height: 1500 },
      types: ['image/jpeg'],
      isByContent: false,
    });
    assert.equal(isUnmet, false);
  });

  it('judges a lying photo by its sides as shown', () => {
    const { output } = planTransform({ ...CAMERA, orientation: 6 }, { maxWidth: 1500 });

    assert.deepEqual(output?.size, { width: 1500, height: 2000 });
  });

  it('leaves the choice between PNG and WebP to the picture, unless one is asked for', () => {
    const png: ImageFacts = { ...CAMERA, kind: 'png' };

    assert.equal(planTransform(png, LIMITS).output?.isByContent, true);
    assert.deepEqual(planTransform(png, { ...LIMITS, format: 'original' }).output, {
      size: { width: 2000, height: 1500 },
      types: ['image/png'],
      isByContent: false,
    });
    assert.equal(planTransform(png, { ...LIMITS, format: 'webp' }).output?.types[0], 'image/webp');
  });

  it('makes something that everybody can open of HEIC, unless the original is asked for', () => {
    const heic: ImageFacts = { ...CAMERA, kind: 'heic', hasMetadata: false };

    assert.deepEqual(planTransform(heic, {}).output?.types, ['image/jpeg']);
    assert.equal(planTransform(heic, { format: 'original' }).output, undefined);
  });

  for (const [title, facts, isUnmet] of [
    ['an animation, on purpose', { ...CAMERA, kind: 'gif', isAnimated: true }, false],
    ['a TIFF, which no browser decodes', { ...CAMERA, kind: 'tiff', hasMetadata: false }, true],
    ['a BMP that has the size already', { ...PHOTO, kind: 'bmp' }, false],
    ['a JPEG XL, which few browsers decode', { ...CAMERA, kind: 'jxl' }, true],
    ['more pixels than there is memory for', { ...CAMERA, kind: 'png', width: 20_000, height: 20_000 }, true],
    ['what does not tell its size', { ...CAMERA, width: null, height: null }, true],
  ] as const) {
    it(`does not touch ${title}; ${isUnmet ? 'the user is told' : 'nobody needs to be told'}`, () => {
      const plan = planTransform(facts, LIMITS);

      assert.deepEqual([plan.output, plan.isUnmet], [undefined, isUnmet]);
    });
  }
});

describe('planRendition', () => {
  it('fits the rendition’s sides, and never grows', () => {
    const sizes = [{ maxWidth: 320 }, { maxHeight: 300 }, { maxWidth: 9000 }, {}].map(
      (limits) => planRendition(CAMERA, { name: 'a', ...limits })?.size,
    );

    assert.deepEqual(sizes, [
      { width: 320, height: 240 },
      { width: 400, height: 300 },
      { width: 4000, height: 3000 },
      { width: 4000, height: 3000 },
    ]);
  });

  it('makes a still of an animation, and nothing of what cannot be decoded', () => {
    const gif: ImageFacts = { ...CAMERA, kind: 'gif', isAnimated: true };

    assert.equal(planRendition(gif, { name: 'a', maxWidth: 100 })?.types[0], 'image/png');
    assert.equal(planRendition({ ...CAMERA, kind: 'tiff' }, { name: 'a' }), undefined);
    assert.equal(planRendition({ ...CAMERA, isCmyk: true }, { name: 'a' }), undefined);
    assert.equal(planRendition({ ...CAMERA, width: 20_000, height: 20_000 }, { name: 'a' }), undefined);
  });
});

describe('chooseEighths', () => {
  it('decodes a JPEG as small as is sharp enough, and only where quality may give', () => {
    assert.deepEqual(
      [3000, 1540, 1500, 760, 300].map((width) => choose(width, 0.85)),
      [8, 8, 4, 2, 1],
    );
    assert.equal(choose(300, 0.9), 8);
    assert.equal(choose(300, 0.85, { ...CAMERA, kind: 'png' }), 8);
    assert.equal(chooseEighths(CAMERA, { target: null, quality: 1 }), 1);
  });
});

function choose(width: number, quality: number, facts = CAMERA): number {
  return chooseEighths(facts, { target: { width, height: (width * 3) / 4 }, quality });
}
