// Colours, depth, transparency and which way up: what a header says beyond kind and size.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import sharp, { type JpegOptions } from 'sharp';
import { viewOf } from '../../../widget/image/bytes.js';
import { hasHalfColours } from '../../../widget/image/formats/jpeg.js';
import type { ImageFacts } from '../../../widget/image/image-facts.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { drawSmooth } from '../../support/draw-images.js';
import { box, bytesOf, type Part, png, pngChunk, uint32 } from '../../support/put-bytes.js';

const SHARED = resolve(import.meta.dirname, '../../../../shared/fixtures/images');
const skip = existsSync(SHARED) ? false : `${SHARED} is missing`;

/** Where a PNG's header ends. */
const PIXELS = pngChunk('IDAT', '');

const FACTS: readonly (readonly [string, string])[] = [
  ['cmyk-no-profile.jpg', '500x333 none 8 bit cmyk'],
  ['cmyk-profile.jpg', 'nullxnull other ? bit cmyk'],
  ['exif-canon-40d.jpg', '100x68 srgb 8 bit'],
  ['orientation-landscape-2.jpg', '600x450 other 8 bit o2'],
  ['iphone.heic', '2566x3313 display-p3 8 bit'],
  ['photo.avif', '2048x858 srgb 8 bit'],
  ['animated-alpha.webp', '80x80 none 8 bit alpha animated'],
  ['png-16bit-grey-alpha.png', '109x96 other 16 bit alpha'],
  ['png-display-p3.png', '8x8 other 8 bit alpha'],
  ['png-65536-wide-bomb.png', '65536x65536 none 1 bit'],
];

for (const [name, expected] of FACTS) {
  test(`${name} is ${expected}`, { skip }, async () => {
    const head = (await readFile(`${SHARED}/${name}`)).subarray(0, 65_536);

    assert.equal(describe(sniffImage(head)), expected);
  });
}

test('a JPEG tells whether its colours have half the pixels of its brightness', async () => {
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } });
  const jpeg = async (options: JpegOptions) => viewOf(await picture.clone().jpeg(options).toBuffer());

  const half = await jpeg({ chromaSubsampling: '4:2:0' });
  assert.equal(hasHalfColours(half), true);
  assert.equal(hasHalfColours(await jpeg({ chromaSubsampling: '4:2:0', progressive: true })), true);
  assert.equal(hasHalfColours(await jpeg({ chromaSubsampling: '4:4:4' })), false);
  assert.equal(hasHalfColours(viewOf(await picture.clone().toColourspace('b-w').jpeg().toBuffer())), false);
  assert.equal(hasHalfColours(viewOf(await picture.clone().png().toBuffer())), false);
  for (let length = 0; length < half.byteLength; length += 1)
    assert.doesNotThrow(() => hasHalfColours(new DataView(half.buffer, half.byteOffset, length)));
});

test('a JPEG can be decoded in part when its rows come one after the other', async () => {
  const photo = drawSmooth(64, 48);
  const plain = await photo.clone().jpeg().toBuffer();

  assert.equal(sniffImage(plain)?.isScalable, true);
  assert.equal(sniffImage(await photo.clone().greyscale().jpeg().toBuffer())?.isScalable, true);
  assert.equal(sniffImage(await photo.clone().jpeg({ progressive: true }).toBuffer())?.isScalable, false);
  // Scans of their own for each colour.
  const inScans = Buffer.from(plain);
  inScans[inScans.indexOf(Buffer.from([0xff, 0xda])) + 4] = 1;
  assert.equal(sniffImage(inScans)?.isScalable, false);
  assert.equal(sniffImage(plain.subarray(0, 200))?.isScalable, false);
});

test('code points tell colours, in PNG before any profile', () => {
  for (const [primaries, transfer, expected] of [
    [1, 13, 'srgb'],
    [12, 13, 'display-p3'],
    [9, 16, 'other'],
    [2, 2, 'none'],
  ] as const) {
    const points = pngChunk('cICP', [primaries, transfer, 0, 1]);
    assert.equal(profileOf(points, pngChunk('iCCP', 'sRGB\0\0...')), expected);
  }
});

test('a PNG names its profile, or says sRGB, or an odd gamma', () => {
  assert.equal(profileOf(pngChunk('iCCP', 'Display P3\0\0...')), 'display-p3');
  assert.equal(profileOf(pngChunk('iCCP', 'sRGB IEC61966-2.1\0\0...')), 'srgb');
  assert.equal(profileOf(pngChunk('iCCP', 'ICC Profile\0\0...')), 'other');
  assert.equal(profileOf(pngChunk('sRGB', [0])), 'srgb');
  assert.equal(profileOf(pngChunk('gAMA', [0, 0, 0xb1, 0x8f])), 'none');
  assert.equal(profileOf(pngChunk('gAMA', [0, 1, 0x86, 0xa0])), 'other');
  assert.equal(profileOf(), 'none');
});

test('a PNG is turned by its EXIF, which browsers obey', () => {
  const exif = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];

  assert.equal(sniffImage(png(pngChunk('eXIf', exif), PIXELS))?.orientation, 6);
  assert.equal(sniffImage(png(pngChunk('eXIf', exif.slice(0, 12)), PIXELS))?.orientation, 1);
});

test('a TIFF tells what it is', async () => {
  const source = sharp({ create: { width: 7, height: 5, channels: 3, background: 'red' } });
  const [plain, inks] = await Promise.all([
    source.clone().tiff({ compression: 'none' }).toBuffer(),
    source.clone().toColourspace('cmyk').withIccProfile('cmyk').tiff({ compression: 'none' }).toBuffer(),
  ]);

  assert.equal(describe(sniffImage(plain)), '7x5 none 8 bit alpha');
  assert.equal(describe(sniffImage(inks)), '7x5 other 8 bit alpha cmyk');
});

// https://github.com/AOMediaCodec/libavif/blob/main/include/avif/avif.h (avifImageMirror)
for (const [turns, mirror, orientation] of [
  [0, undefined, 1],
  [1, undefined, 8],
  [2, undefined, 3],
  [3, undefined, 6],
  [0, 0, 4],
  [0, 1, 2],
  [1, 0, 5],
  [1, 1, 7],
  [3, 0, 7],
  [3, 1, 5],
] as const) {
  test(`irot ${turns} and imir ${mirror} are orientation ${orientation}`, () => {
    const mirrors = mirror === undefined ? [] : [box('imir', [mirror])];
    const facts = sniffImage(heif(box('irot', [turns]), ...mirrors));

    assert.equal(facts?.orientation, orientation);
    assert.deepEqual([facts?.width, facts?.height, facts?.hasAlpha], [40, 30, false]);
  });
}

test('an auxiliary picture of alpha makes a HEIF transparent, and so does a header that is cut off', () => {
  const whole = heif(box('auxC', [0, 0, 0, 0], 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'));

  assert.equal(sniffImage(whole)?.hasAlpha, true);
  assert.equal(sniffImage(heif().subarray(0, -9))?.hasAlpha, true);
  assert.equal(sniffImage(heif().subarray(0, -9))?.width, 40);
});

function profileOf(...chunks: readonly Part[]): string | undefined {
  return sniffImage(png(...chunks, PIXELS))?.profile;
}

function describe(facts: ImageFacts | undefined): string {
  assert.ok(facts);
  const { width, height, profile, bitDepth, orientation, hasAlpha, isAnimated, isCmyk } = facts;
  const flags = [
    orientation > 1 && `o${orientation}`,
    hasAlpha && 'alpha',
    isAnimated && 'animated',
    isCmyk && 'cmyk',
  ].filter(Boolean);
  return [`${width}x${height}`, profile, bitDepth ?? '?', 'bit', ...flags].join(' ');
}

/** A picture of 40 × 30 with more properties. */
function heif(...properties: readonly Uint8Array[]): Uint8Array {
  const store = box('ipco', box('ispe', [0, 0, 0, 0], uint32(40), uint32(30)), ...properties);
  const numbers = [1, ...properties.map((_, index) => index + 2)];
  const links = box('ipma', [0, 0, 0, 0], uint32(1), [0, 1, numbers.length, ...numbers]);
  const primary = box('pitm', [0, 0, 0, 0, 0, 1]);
  return bytesOf(
    box('ftyp', 'heic', [0, 0, 0, 0], 'mif1'),
    box('meta', [0, 0, 0, 0], primary, box('iprp', store, links)),
  );
}
