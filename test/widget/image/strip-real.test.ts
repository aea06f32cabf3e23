// What independent readers find in real photos whose metadata was taken out: nothing but the colours' profile, and the same pixels.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { joinBytes } from '../../../widget/image/bytes.js';
import { hasGps } from '../../../widget/image/metadata/gps.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { stripGif } from '../../../widget/image/strip-blocks.js';
import { stripHeif } from '../../../widget/image/strip-boxes.js';
import { stripPng, stripWebp } from '../../../widget/image/strip-chunks.js';
import { stripJpeg } from '../../../widget/image/strip-segments.js';
import { readTags } from './read-tags.js';

const SHARED = resolve(import.meta.dirname, '../../../../shared/fixtures/images');
const STRIPPERS = { jpg: stripJpeg, png: stripPng, webp: stripWebp, gif: stripGif };
const names = existsSync(SHARED) ? readdirSync(SHARED) : [];
/** Its end is missing, or its beginning. */
const DAMAGED = new Set(['corrupt-header.jpg', 'truncated.jpg', 'truncated.png', 'png-65536-wide-bomb.png']);

test('the photos to look into are there', { skip: names.length > 0 ? false : `${SHARED} is missing` }, () => {
  assert.ok(names.length > 30);
});

for (const name of names) {
  const strip = STRIPPERS[name.split('.').at(-1) as keyof typeof STRIPPERS] as typeof stripJpeg | undefined;
  if (!strip || DAMAGED.has(name)) continue;
  test(`${name} says nothing any more, and shows the same`, async () => {
    const source = Uint8Array.from(readFileSync(`${SHARED}/${name}`));

    const parts = strip(source);

    assert.ok(parts);
    const stripped = joinBytes(parts);
    const before = readTags(source);
    const after = readTags(stripped);
    const left = Object.keys(after.exif ?? {}).filter((tag) => tag !== 'Orientation' && tag !== 'Byte Order');
    assert.deepEqual(left, []);
    assert.deepEqual(
      [after.gps, after.iptc, after.xmp, after.Thumbnail],
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(after.icc, before.icc);
    assert.equal(after.exif?.Orientation?.value ?? 1, sniffImage(source)?.orientation);
    assert.equal(hasGps(stripped), false);
    assert.ok(await arePixelsEqual(source, stripped));
  });
}

for (const name of ['gps-nikon.jpg', 'gps-iphone-hdr.jpg', 'phone-nokia-12mp.jpg', 'iphone.heic']) {
  test(`${name} has a position`, { skip: names.includes(name) ? false : 'the file is missing' }, () => {
    assert.equal(hasGps(readFileSync(`${SHARED}/${name}`)), true);
  });
}

test('a position is found wherever it lies: PNG, WebP, AVIF, behind the end, and in XMP', async () => {
  const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
  const exif = { IFD0: { Copyright: 'me' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' } };
  const blank = await plain.clone().jpeg().toBuffer();
  for (const type of ['jpeg', 'png', 'webp', 'avif'] as const) {
    const [without, within] = await Promise.all([
      plain.clone().toFormat(type).toBuffer(),
      plain.clone().withExif(exif).toFormat(type).toBuffer(),
    ]);
    assert.deepEqual([type, hasGps(without), hasGps(within)], [type, false, true]);
    assert.equal(hasGps(Buffer.concat([blank, within])), true);
  }
  assert.equal(hasGps(Buffer.concat([blank, Buffer.from('<x exif:GPSLatitude="52,30N"/>')])), true);
  assert.equal(hasGps(Buffer.concat([blank, Buffer.from('exif:GPSLatitude', 'utf16le')])), true);
});

for (const name of ['iphone.heic', 'small.heif']) {
  test(
    `${name} says nothing any more, and every byte of the picture is in its place`,
    {
      skip: names.includes(name) ? false : 'the file is missing',
    },
    () => {
      const source = Uint8Array.from(readFileSync(`${SHARED}/${name}`));

      const stripped = joinBytes(stripHeif(source) ?? []);

      assert.equal(stripped.length, source.length);
      assert.equal(hasGps(stripped), false);
      assert.deepEqual(sniffImage(stripped), sniffImage(source));
      const { exif, gps, xmp } = readTags(stripped);
      assert.deepEqual([exif, gps, xmp], [undefined, undefined, undefined]);
      const changed = source.filter((byte, at) => byte !== stripped[at]).length;
      assert.ok(changed < 5000, `${changed} bytes`);
    },
  );
}

test('an AVIF loses EXIF, XMP and whatever hangs on it, and not a pixel', async () => {
  const plain = sharp({
    create: { width: 64, height: 48, channels: 4, background: { r: 9, g: 99, b: 200, alpha: 0.5 } },
  });
  const said = plain.withExif({
    IFD0: { Artist: 'me' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' },
  });
  const avif = await said.withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret</x:xmpmeta>').avif().toBuffer();
  const source = Uint8Array.from(Buffer.concat([avif, Buffer.from('\0\0\0\x0euuidsecret', 'latin1')]));
  assert.equal(hasGps(source), true);

  const stripped = joinBytes(stripHeif(source) ?? []);

  assert.equal(stripped.length, avif.length);
  assert.equal(hasGps(stripped), false);
  assert.equal(Buffer.from(stripped).includes('secret'), false);
  const { exif, xmp } = readTags(stripped);
  assert.deepEqual([exif, xmp], [undefined, undefined]);
  assert.ok(await arePixelsEqual(source, stripped));
});

test('a JPEG loses the thumbnails of JFIF and the film behind its end, as moving photos have', async () => {
  const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  const behind = plain.subarray(2);
  const extension = Buffer.from('\xff\xe0\0\x0cJFXX\0\x10home', 'latin1');
  const film = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x10\xa9xyz+52.5+13', 'latin1');
  const source = Buffer.concat([
    plain.subarray(0, 2),
    jfif(19, [1, 1]),
    Buffer.from('RGB'),
    extension,
    behind,
    film,
  ]);

  const stripped = joinBytes(stripJpeg(Uint8Array.from(source)) ?? []);

  assert.deepEqual(Buffer.from(stripped), Buffer.concat([plain.subarray(0, 2), jfif(16, [0, 0]), behind]));
});

test('boxes that make no sense, and pictures of unknown kinds, are not trusted', async () => {
  const avif = Uint8Array.from(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .avif()
      .toBuffer(),
  );
  const renamed = avif.slice();
  renamed.set(Buffer.from('what'), Buffer.from(avif).indexOf('av01', Buffer.from(avif).indexOf('infe')));

  assert.equal(stripHeif(avif.subarray(0, 100)), undefined);
  assert.equal(stripHeif(renamed), undefined);
});

test('an animation keeps its frames, its times and its loops without its comments and XMP', async () => {
  const gif = readFileSync(new URL('../../fixtures/images/animated.gif', import.meta.url));
  const xmp = Buffer.concat([
    Buffer.from('\x21\xff\x0bXMP DataXMP<x:xmpmeta exif:GPSLatitude="52"/>\x01', 'latin1'),
    Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index)),
    Buffer.of(0),
  ]);
  const comment = Buffer.from('\x21\xfe\x04home\x00', 'latin1');
  const source = Buffer.concat([gif.subarray(0, -1), comment, xmp, gif.subarray(-1), Buffer.from('more')]);

  const stripped = joinBytes(stripGif(Uint8Array.from(source)) ?? []);

  const plain = joinBytes(stripGif(Uint8Array.from(gif)) ?? []);
  assert.deepEqual(stripped, plain);
  const [before, after] = await Promise.all(
    [gif, stripped].map((bytes) => sharp(bytes, { animated: true }).metadata()),
  );
  assert.deepEqual([after?.pages, after?.delay, after?.loop], [before?.pages, before?.delay, before?.loop]);
});

async function arePixelsEqual(a: Uint8Array, b: Uint8Array): Promise<boolean> {
  const [before, after] = await Promise.all(
    [a, b].map((bytes) => sharp(bytes, { animated: true }).autoOrient().raw().toBuffer()),
  );
  return before !== undefined && after !== undefined && before.equals(after);
}

/** @param sides - Of the thumbnail. */
function jfif(length: number, sides: readonly number[]): Buffer {
  return Buffer.concat([
    Buffer.of(0xff, 0xe0, 0, length),
    Buffer.from('JFIF\0'),
    Buffer.of(1, 1, 0, 0, 1, 0, 1, ...sides),
  ]);
}
