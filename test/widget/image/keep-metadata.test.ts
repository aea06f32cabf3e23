// What goes along through a resize, read by independent readers: everything said, of an upright picture of the new size.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Bytes } from '../../../widget/image/bytes.js';
import { type Belongings, insertIntoPng } from '../../../widget/image/metadata/insert-metadata.js';
import { keepMetadata } from '../../../widget/image/metadata/keep-metadata.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { readTags } from './read-tags.js';

const SHARED = resolve(import.meta.dirname, '../../../../shared/fixtures/images');
const skip = existsSync(SHARED) ? false : `${SHARED} is missing`;
const SIZE = { width: 64, height: 48 };
const TYPES = ['jpeg', 'png', 'webp'] as const;
/** Said anew, or of things that are not there any more. */
const CHANGED =
  /^(?:Orientation|ImageWidth|ImageLength|Image (?:Width|Height)|Pixel[XY]Dimension|ColorSpace|Thumbnail|JPEGInterchange.*|Images)$/;
/** What only EXIF's directory of the thumbnail says. */
const OF_THUMBNAIL = new Set([
  'Compression',
  'XResolution',
  'YResolution',
  'ResolutionUnit',
  'YCbCrPositioning',
  'ImageWidth',
]);

for (const name of [
  'gps-nikon.jpg',
  'gps-iphone-hdr.jpg',
  'phone-nokia-12mp.jpg',
  'exif-canon-40d.jpg',
  'orientation-landscape-6.jpg',
  'orientation-portrait-8.jpg',
  'iphone.heic',
]) {
  for (const type of TYPES) {
    test(`${name} keeps what it says in a smaller ${type}`, { skip }, async () => {
      const original = Uint8Array.from(readFileSync(`${SHARED}/${name}`));
      const encoded = await picture(type);

      const kept = keepMetadata(original, encoded);

      assert.ok(kept);
      const [before, after] = [readTags(original), readTags(kept)];
      const said = new Map(Object.entries(after.exif ?? {}));
      for (const [tag, value] of Object.entries(before.exif ?? {})) {
        if (CHANGED.test(tag) || (OF_THUMBNAIL.has(tag) && before.Thumbnail)) continue;
        assert.deepEqual(describe(said.get(tag)), describe(value), tag);
      }
      assert.deepEqual(after.gps, before.gps);
      assert.deepEqual(Object.keys(after.xmp ?? {}), Object.keys(before.xmp ?? {}));
      if (type === 'jpeg') assert.deepEqual(after.iptc, before.iptc);
      assert.equal(after.exif?.Orientation?.value ?? 1, 1);
      if (before.exif?.PixelXDimension) assert.equal(after.exif?.PixelXDimension?.value, SIZE.width);
      assert.equal(after.Thumbnail, undefined);
      assert.ok(await isSamePicture(encoded, kept));
    });
  }
}

test('XMP says upright too, and the new size', async () => {
  const packet = `<x:xmpmeta><rdf:Description tiff:Orientation="6" exif:PixelXDimension='4000'>
    <tiff:ImageLength>3000</tiff:ImageLength><xmp:Thumbnails><rdf:Alt>…</rdf:Alt></xmp:Thumbnails></rdf:Description></x:xmpmeta>`;
  const original = Uint8Array.from(
    await sharp(await picture('webp'))
      .withXmp(packet)
      .webp()
      .toBuffer(),
  );

  for (const type of TYPES) {
    const kept = Buffer.from(keepMetadata(original, await picture(type)) ?? []).toString();

    assert.match(kept, /tiff:Orientation="1" exif:PixelXDimension='64'/);
    assert.match(kept, /<tiff:ImageLength>48<\/tiff:ImageLength><\/rdf:Description>/);
  }
});

test('a PNG keeps its texts in a PNG, a JPEG its comment in a JPEG', async () => {
  const png = await picture('png');
  const text = Buffer.concat([Buffer.of(0, 0, 0, 9), Buffer.from('tEXtAuthor\0me'), Buffer.from('crc!')]);
  const jpeg = await picture('jpeg');
  const comment = Buffer.from('\xff\xfe\x00\x07hello', 'latin1');

  const keptPng = keepMetadata(insert(png, text, 33), png);
  const keptJpeg = keepMetadata(insert(jpeg, comment, 2), jpeg);

  assert.match(Buffer.from(keptPng ?? []).toString('latin1'), /tEXtAuthor\0me/);
  assert.ok(Buffer.from(keptJpeg ?? []).includes(comment));
});

test('where nothing is said, nothing is added; what cannot carry it is not touched', async () => {
  const [jpeg, webp] = [await picture('jpeg'), await picture('webp')];

  assert.equal(keepMetadata(jpeg, webp), webp);
  assert.equal(keepMetadata(Uint8Array.from(Buffer.from('GIF')), jpeg), undefined);
  assert.equal(keepMetadata(jpeg, Uint8Array.from(Buffer.from('BM'))), undefined);
});

test('more than a JPEG has room for stays behind, and nothing else does', async () => {
  const xmp = Uint8Array.from(
    Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/">big</x:xmpmeta>'.padEnd(70_000)),
  );
  const exif = new Uint8Array(70_000);
  exif.set(Buffer.from('II*\0'));
  const small = { exif: exif.slice(0, 26), xmp: xmp.slice(0, 60) };
  const original = insertIntoPng(await picture('png'), { exif });

  assert.deepEqual(await keep(small), [true, true]);
  assert.deepEqual(await keep({ ...small, xmp }), [true, false]);
  assert.deepEqual(await keep({ ...small, exif }), [false, true]);
  assert.ok(keepMetadata(original, await picture('webp')));
});

test('transparency survives in a WebP that gets a header', async () => {
  const background = { r: 255, g: 0, b: 0, alpha: 0.5 };
  const source = sharp({ create: { ...SIZE, channels: 4, background } });
  const original = Uint8Array.from(
    await source
      .clone()
      .withExif({ IFD0: { Artist: 'me' } })
      .png()
      .toBuffer(),
  );
  const encoded = Uint8Array.from(await source.clone().webp({ lossless: true }).toBuffer());

  const kept = keepMetadata(original, encoded);

  assert.ok(kept);
  assert.deepEqual([sniffImage(kept)?.hasAlpha, sniffImage(kept)?.width], [true, SIZE.width]);
  assert.ok(await isSamePicture(encoded, kept));
});

/** @returns Whether a JPEG got the EXIF, and the XMP, of a PNG that has them. */
async function keep(what: Belongings): Promise<readonly boolean[]> {
  const original = insertIntoPng(await picture('png'), what);
  const kept = Buffer.from(keepMetadata(original, await picture('jpeg')) ?? []);
  return ['Exif\0\0', 'xmpmeta'].map((mark) => kept.includes(mark));
}

async function picture(type: (typeof TYPES)[number]): Promise<Bytes> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const made = sharp({ create: { ...SIZE, channels: 3, background: 'red', noise } });
  return Uint8Array.from(await made.toFormat(type).toBuffer());
}

function insert(bytes: Bytes, part: Buffer, at: number): Bytes {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]));
}

function describe(tag: { readonly description?: unknown } | undefined): unknown {
  return tag?.description;
}

async function isSamePicture(a: Bytes, b: Bytes): Promise<boolean> {
  const [before, after] = await Promise.all(
    [a, b].map((bytes) => sharp(bytes).autoOrient().raw().toBuffer()),
  );
  return before !== undefined && after !== undefined && before.equals(after);
}
