// Real images through the built package, judged from outside: pixels by libvips, metadata by a reader that is not ours.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { decodeHeic } from '../../widget/image/heic/decode-heic.js';
import type { ImageWishes } from '../../widget/image/transform-plan.js';
import { compareWithSource } from '../support/compare-pictures.js';
import { openTransformPage, type Outcome, type TransformPage } from '../support/transform-page.js';
import { readTags } from '../widget/image/read-tags.js';

/** The first folder is beside a checkout of the whole project, the second holds some of the same. */
const FOLDERS = ['../../../shared/fixtures/images', '../fixtures/images'];
const MAX_WIDTH = 400;

/** With the size as shown. */
const STILLS: readonly (readonly [name: string, width: number, height: number])[] = [
  ['alpha.webp', 300, 300],
  ['exif-canon-40d.jpg', 100, 68],
  ['gps-iphone-hdr.jpg', 3264, 2448],
  ['gps-nikon.jpg', 640, 480],
  ['invalid-exif-1.jpg', 636, 227],
  ['invalid-exif-2.jpg', 425, 120],
  ['iphone.heic', 2566, 3313],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((turn) => [`orientation-landscape-${turn}.jpg`, 600, 450] as const),
  ['orientation-portrait-6.jpg', 450, 600],
  ['orientation-portrait-8.jpg', 450, 600],
  ['phone-nokia-12mp.jpg', 4608, 1976],
  ['photo-2725x2225.jpg', 2725, 2225],
  ['photo.avif', 2048, 858],
  ['photo.webp', 1024, 772],
  ['png-16bit-grey-alpha.png', 109, 96],
  ['png-alpha-1024x768.png', 1024, 768],
  ['png-display-p3.png', 8, 8],
  ['small.heif', 640, 426],
];
const ANIMATIONS = ['animated-alpha.webp', 'animated.gif', 'animated.webp'];
/** Inks, a drawing, a fax: no browser shows them as they are meant, or at all. */
const KEPT = ['cmyk-no-profile.jpg', 'cmyk-profile.jpg', 'drawing.svg', 'png-65536-wide-bomb.png'];
const DAMAGED = ['truncated.jpg', 'truncated.png'];
const FORMATS = ['webp', 'png', 'jpeg'] as const;

/** What is new in a picture that was scaled, or goes with what describes the file rather than the photo. */
const NOT_KEPT: ReadonlySet<string> = new Set(
  'Orientation PixelXDimension PixelYDimension ImageWidth ImageLength ImageHeight ColorSpace'.split(' '),
);

describe('real images', { timeout: 600_000 }, () => {
  let page: TransformPage;
  before(async () => {
    page = await openTransformPage();
  });
  after(() => page.close());

  /** A test for each file that is there. */
  const each = (names: readonly string[], title: string, judge: (image: Fixture) => Promise<void>) => {
    for (const name of names) {
      const path = FOLDERS.map((folder) => join(import.meta.dirname, folder, name)).find(existsSync);
      it(`${name} ${title}`, { skip: path ? false : 'The file is not here.' }, async () => {
        const bytes = await readFile(path ?? '');
        const transform = (wishes: ImageWishes) => page.transform(bytes, typeOf(name), wishes);
        await judge({ name, bytes, transform });
      });
    }
  };
  const stills = STILLS.map(([name]) => name);

  each(stills, 'is scaled in its own colours, without its metadata', async (image) => {
    const made = await image.transform({ maxWidth: MAX_WIDTH });

    await assertPicture(made, image, fit(image));
    assertNoMetadata(made);
  });

  each(stills, 'keeps its size, and loses its metadata', async (image) => {
    const made = await image.transform({});

    await assertPicture(made, image, sizeOf(image));
    assertNoMetadata(made);
    if (isUpright(image)) assert.equal((await compare(made, image)).mean, 0);
  });

  for (const maxWidth of [MAX_WIDTH, null]) {
    each(stills, `keeps its tags when asked to, ${maxWidth ? 'scaled' : 'unscaled'}`, async (image) => {
      const made = await image.transform({ maxWidth, metadata: 'keep' });

      await assertPicture(made, image, maxWidth ? fit(image) : sizeOf(image));
      assertSameTags(made, image);
    });
  }

  // Decoding the large HEIC takes seconds; the small one tells the same.
  const quick = stills.filter((name) => name !== 'iphone.heic');
  for (const format of FORMATS) {
    each(quick, `becomes ${format} where that is not larger`, async (image) => {
      const made = await image.transform({ maxWidth: MAX_WIDTH, format });

      await assertPicture(made, image, fit(image));
      const isOther = made.type !== `image/${format}`;
      if (/hei[cf]$/.test(image.name)) assert.ok(!isOther, made.type);
      // Nearly half of what it was: no encoder makes that larger.
      if (format === 'webp' && sizeOf(image).width > 600) assert.ok(!isOther, made.type);
    });
  }

  each(ANIMATIONS, 'keeps its frames, whatever is asked for', async (image) => {
    for (const wishes of [{}, { maxWidth: 40 }, { format: 'jpeg' }, { metadata: 'keep' }] as const) {
      const made = await image.transform(wishes);

      const [before, now] = await Promise.all([countFrames(image.bytes), countFrames(made.bytes)]);
      assert.ok(before > 1);
      assert.equal(now, before);
      assert.equal((await compare(made, image)).mean, 0);
    }
  });

  each(KEPT, 'keeps picture and size, less its metadata', async (image) => {
    for (const wishes of [{}, { maxWidth: MAX_WIDTH }, { format: 'webp' }] as const) {
      const made = await image.transform(wishes);

      assert.equal(made.type, typeOf(image.name));
      assert.ok(made.bytes.length <= image.bytes.length);
      if (!image.name.includes('bomb')) assert.equal((await compare(made, image)).mean, 0);
      if (!image.name.endsWith('svg')) assertNoMetadata(made);
    }
  });

  each(DAMAGED, 'stays what it is', async (image) => {
    for (const wishes of [{}, { maxWidth: 100 }, { format: 'webp' }] as const) {
      const made = await image.transform(wishes);

      assert.equal(made.changed, false);
      assert.ok(made.bytes.equals(image.bytes));
    }
  });

  each(
    ['corrupt-header.jpg', 'fax.tif'],
    'is not sent while its metadata cannot be removed',
    async (image) => {
      assert.equal((await image.transform({})).code, 'metadata-not-removed');
      assert.ok((await image.transform({ metadata: 'keep' })).bytes.equals(image.bytes));
    },
  );
});

interface Fixture {
  readonly name: string;
  readonly bytes: Buffer;
  readonly transform: (wishes: ImageWishes) => Promise<Outcome>;
}

function typeOf(name: string): string {
  const extension = name.split('.').at(-1) ?? '';
  const names: Readonly<Record<string, string>> = { jpg: 'jpeg', tif: 'tiff', svg: 'svg+xml' };
  return `image/${names[extension] ?? extension}`;
}

function sizeOf({ name }: Fixture) {
  const [, width = 0, height = 0] = STILLS.find(([other]) => other === name) ?? [];
  return { width, height };
}

function fit(image: Fixture) {
  const { width, height } = sizeOf(image);
  const factor = Math.min(1, MAX_WIDTH / width);
  return { width: Math.round(width * factor), height: Math.round(height * factor) };
}

/** Neither lying on its side, nor in a format that is always converted. */
function isUpright({ name }: Fixture): boolean {
  return !/-[2-8]\.jpg$|hei[cf]$/.test(name);
}

async function assertPicture(
  made: Outcome,
  image: Fixture,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  assert.equal(made.code, undefined);
  assert.deepEqual({ width: made.width, height: made.height }, size);
  const { format, width, height, orientation = 1 } = await sharp(made.bytes).metadata();
  assert.equal(format === 'heif' ? 'image/avif' : `image/${format}`, made.type);
  assert.deepEqual({ width, height, orientation }, { ...size, orientation: 1 });
  if (!/hei[cf]$/.test(image.name)) assert.ok(made.bytes.length <= image.bytes.length, 'It became larger.');
  const { mean, most, alpha } = await compare(made, image);
  const [meanLimit, mostLimit] = isExact(made) ? [1, 5] : [3, 12];
  assert.ok(
    mean <= meanLimit && most <= mostLimit,
    `ΔE ${mean} in the mean, ${most} for one pixel in a hundred`,
  );
  if (made.type !== 'image/jpeg') assert.ok(alpha <= 1, `Alpha is ${alpha} away.`);
}

/** What is lossless is looked at pixel by pixel. */
async function compare(made: Outcome, { name, bytes }: Fixture) {
  if (made.bytes.equals(bytes)) return { mean: 0, most: 0, alpha: 0 };
  return compareWithSource(made.bytes, await open(name, bytes), isExact(made) ? 1 : 4);
}

function isExact({ type, changed }: Outcome): boolean {
  return type === 'image/png' || !changed;
}

/** Decoded already. */
const heics = new Map<string, ReturnType<typeof decodeHeic>>();

/** libvips is most often built without a decoder for HEIC. */
async function open(name: string, bytes: Buffer): Promise<Sharp> {
  if (!/hei[cf]$/.test(name)) return sharp(bytes);
  const decoding = heics.get(name) ?? decodeHeic(new Blob([Uint8Array.from(bytes)]));
  heics.set(name, decoding);
  const { data, width, height } = await decoding;
  return sharp(data, { raw: { width, height, channels: 4 } });
}

function tagsOf(bytes: Buffer) {
  return readTags(Uint8Array.from(bytes));
}

function assertNoMetadata({ bytes }: Outcome): void {
  const { exif, gps, iptc, xmp, Thumbnail } = tagsOf(bytes);
  assert.deepEqual([gps, iptc, xmp, Thumbnail], [undefined, undefined, undefined, undefined]);
  assert.deepEqual(Object.keys(exif ?? {}), []);
}

function assertSameTags({ bytes, changed, type }: Outcome, image: Fixture): void {
  if (!changed) return;
  const [before, now] = [tagsOf(image.bytes), tagsOf(bytes)];
  assert.equal(now.exif?.Orientation?.value ?? 1, 1);
  assert.deepEqual(now.gps, before.gps);
  for (const [name, tag] of Object.entries(before.exif ?? {})) {
    if (NOT_KEPT.has(name)) continue;
    assert.deepEqual(now.exif?.[name as 'Make']?.description, tag.description, name);
  }
  if (type === 'image/jpeg') assert.equal(now.iptc === undefined, before.iptc === undefined);
  assert.equal(now.xmp === undefined, before.xmp === undefined);
}

async function countFrames(bytes: Buffer): Promise<number> {
  return (await sharp(bytes).metadata()).pages ?? 1;
}
