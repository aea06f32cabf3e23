// Images that were made to hurt, and those at the edges of what there is: bounded work, a clear outcome, the right picture.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { ImageWishes } from '../../widget/image/transform-plan.js';
import { compareWithSource } from '../support/compare-pictures.js';
import * as draw from '../support/draw-images.js';
import { openTransformPage, type Outcome, type TransformPage } from '../support/transform-page.js';

const HUGE = [
  ['a PNG of 20 000² in 48 kB', 'png', () => draw.makeFlatPng(20_000, 20_000)],
  ['a JPEG that claims 65 535²', 'jpeg', () => draw.makeLyingJpeg(65_535, 65_535)],
  ['a GIF with a canvas of 65 535²', 'gif', () => draw.makeLyingGif(65_535, 65_535)],
  ['a WebP that claims 16 383²', 'webp', () => draw.makeLyingWebp(16_383, 16_383)],
  ['a film of 600 frames', 'webp', () => draw.drawAnimation(600, 32)],
] as const;

const BROKEN = [
  ['nothing', 'jpeg', () => Buffer.alloc(0)],
  ['three bytes of a JPEG', 'jpeg', () => Buffer.from([0xff, 0xd8, 0xff])],
  ['a PNG’s first eight bytes', 'png', () => draw.makeFlatPng(8, 8).subarray(0, 8)],
  ['a PNG without size', 'png', () => draw.makeFlatPng(0, 0)],
  [
    'a PNG with a hundredth of its rows',
    'png',
    () => draw.makeFlatPng(1000, 1000, { bits: 8, rowCount: 10 }),
  ],
  ['a JPEG that claims 9000²', 'jpeg', () => draw.makeLyingJpeg(9000, 9000)],
  ['a WebP that claims 9000²', 'webp', () => draw.makeLyingWebp(9000, 9000)],
  ['half a JPEG', 'jpeg', () => cut(draw.drawSmooth(900, 700).jpeg())],
  ['half a progressive JPEG', 'jpeg', () => cut(draw.drawSmooth(900, 700).jpeg({ progressive: true }))],
  ['half a PNG', 'png', () => cut(draw.drawSmooth(900, 700).png())],
  ['half a WebP', 'webp', () => cut(draw.drawSmooth(900, 700).webp())],
  ['half an AVIF', 'avif', () => cut(draw.drawSmooth(300, 200).avif({ effort: 0 }))],
] as const;

describe('images at the edges', { timeout: 600_000 }, () => {
  let page: TransformPage;
  before(async () => {
    page = await openTransformPage();
  });
  after(() => page.close());

  const scale = async (source: Buffer, wishes: ImageWishes = { maxWidth: 100 }): Promise<Outcome> => {
    const { format } = await sharp(source).metadata();
    return page.transform(source, `image/${format}`, wishes);
  };

  for (const [name, format, make] of HUGE) {
    it(`${name} is not decoded`, async () => {
      const source = await make();

      const made = await page.transform(source, `image/${format}`, { maxWidth: 16 });

      assert.equal(made.code, undefined);
      assert.equal(made.decodeCount, 0);
      assert.ok(made.bytes.equals(source));
    });
  }

  for (const [name, format, make] of BROKEN) {
    it(`${name} is no picture, and stays what it is`, async () => {
      const source = await make();

      for (const metadata of ['strip', 'keep'] as const) {
        const made = await page.transform(source, `image/${format}`, { maxWidth: 100, metadata });
        assert.deepEqual([made.code, made.changed], [undefined, false]);
        assert.ok(made.bytes.equals(source));
      }
    });
  }

  for (const quality of [0.8, 0.95]) {
    it(`a photo of 200 megapixels, as phones take them, is scaled at a quality of ${quality}`, async () => {
      const source = await draw.makeTwoGreysJpeg(16_320, 12_224);

      const made = await page.transform(source, 'image/jpeg', { maxWidth: 2048, quality });

      assert.deepEqual([made.changed, made.width, made.height], [true, 2048, 1534]);
      const rows = await sharp(made.bytes).greyscale().raw().toBuffer();
      for (const [row, grey] of [
        [10, 128],
        [1500, 192],
      ] as const)
        assert.ok(Math.abs((rows[row * 2048 + 1000] ?? 0) - grey) <= 2, `row ${row}`);
    });
  }

  it('of 200 megapixels nothing is made that would need them all', async () => {
    const source = await draw.makeTwoGreysJpeg(16_320, 12_224);

    const made = await page.transform(source, 'image/jpeg', { format: 'webp' });

    assert.deepEqual([made.decodeCount, made.changed], [0, false]);
    assert.ok(made.bytes.equals(source));
  });

  it('a PNG with 100 MB more rows than it says is as large as it says', async () => {
    const source = draw.makeFlatPng(1000, 10, { bits: 8, rowCount: 100_000 });

    const made = await page.transform(source, 'image/png', { maxWidth: 100 });

    assert.deepEqual([made.width, made.height], [100, 1]);
    assert.ok(made.bytes.length < 1000);
  });

  for (const orientation of [5, 6, 7, 8]) {
    it(`lying on its side (${orientation}), it fits limits above, between and below its sides`, async () => {
      const source = await draw
        .drawSmooth(300, 200)
        .jpeg({ quality: 95 })
        .withMetadata({ orientation })
        .toBuffer();

      for (const [limits, width, height] of [
        [{ maxWidth: 300, maxHeight: 300 }, 200, 300],
        [{ maxWidth: 250 }, 200, 300],
        [{ maxWidth: 100 }, 100, 150],
        [{ maxHeight: 200 }, 133, 200],
      ] as const) {
        const made = await scale(source, limits);
        assert.deepEqual([made.width, made.height], [width, height]);
        await assertLike(made, source);
      }
    });
  }

  for (const [width, height, wanted] of [
    [1, 5000, [1, 100]],
    [5000, 1, [100, 1]],
    [4999, 3, [100, 1]],
  ] as const) {
    for (const format of ['png', 'jpeg'] as const) {
      it(`${width} × ${height} as ${format} becomes ${wanted.join(' × ')}`, async () => {
        const source = await draw.drawSmooth(width, height).toFormat(format).toBuffer();

        const made = await scale(source, { maxWidth: 100, maxHeight: 100 });

        assert.deepEqual([made.width, made.height], wanted);
        await assertLike(made, source);
      });
    }
  }

  it('what has the limits’ very size, or less, stays as it is', async () => {
    for (const [width, height] of [
      [800, 600],
      [1, 1],
      [799, 600],
    ] as const) {
      const source = await draw.drawSmooth(width, height).jpeg().toBuffer();
      const made = await scale(source, { maxWidth: 800, maxHeight: 600 });
      assert.deepEqual([made.changed, made.decodeCount], [false, 0]);
    }
  });

  it('AVIF that the browser does not write becomes what it was, and says so', async () => {
    const source = await draw.drawSmooth(800, 600).jpeg().toBuffer();

    const made = await scale(source, { maxWidth: 400, format: 'avif' });

    const { format } = await sharp(made.bytes).metadata();
    assert.equal(made.type, format === 'heif' ? 'image/avif' : `image/${format}`);
    assert.ok(['image/avif', 'image/jpeg'].includes(made.type));
  });

  const photo = draw.drawSmooth(600, 450);
  for (const [name, make] of [
    ['16 bits', () => photo.clone().toColourspace('rgb16').png()],
    ['grey', () => photo.clone().greyscale().jpeg({ quality: 95 })],
    ['grey with alpha', () => photo.clone().greyscale().ensureAlpha(0.5).png()],
    ['progressive', () => photo.clone().jpeg({ quality: 95, progressive: true })],
    ['Display P3', () => photo.clone().withIccProfile('p3').jpeg({ quality: 95 })],
    ['a palette', () => photo.clone().png({ palette: true })],
    ['no chroma subsampling', () => photo.clone().jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
  ] as const) {
    it(`${name}: scaled in its own colours`, async () => {
      const source = await make().toBuffer();

      await assertLike(await scale(source, { maxWidth: 299 }), source);
      await assertLike(await scale(source, { maxWidth: 299, format: 'png' }), source);
    });
  }

  it('12 MB of notes before the size are read over, and gone', async () => {
    const plain = await photo.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer();

    const made = await scale(draw.addNotes(plain, 12e6));

    assert.deepEqual([made.width, made.height], [100, 133]);
    assert.ok(made.bytes.length < plain.length);
    await assertLike(made, plain);
  });
});

async function cut(image: Sharp): Promise<Buffer> {
  const bytes = await image.toBuffer();
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

async function assertLike({ bytes, type }: Outcome, source: Buffer, shrink = 3): Promise<void> {
  const { mean, alpha } = await compareWithSource(bytes, sharp(source), shrink);
  assert.ok(mean <= 3, `ΔE ${mean}`);
  if (type !== 'image/jpeg') assert.ok(alpha <= 1, `Alpha is ${alpha} away.`);
}
