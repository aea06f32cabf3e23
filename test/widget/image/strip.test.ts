// What is left of a file without its metadata, and which files are not to be trusted. Judged by bytes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { viewOf } from '../../../widget/image/bytes.js';
import { carriesMetadata } from '../../../widget/image/formats/isobmff-metadata.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { type Remains, stripPng, stripWebp } from '../../../widget/image/strip-chunks.js';
import { stripJpeg } from '../../../widget/image/strip-segments.js';
import {
  box,
  bytesOf,
  type Part,
  pngChunk,
  riffChunk,
  segment,
  webp,
  zeros,
} from '../../support/put-bytes.js';

const SECRET = 'N 52.5 E 13.4';
const PNG_HEAD = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

test('a PNG loses its texts, EXIF and dates before and behind the pixels, and nothing else', () => {
  const kept = [
    pngChunk('IHDR', '1234567890123'),
    pngChunk('iCCP', 'profile'),
    pngChunk('acTL', '12345678'),
    pngChunk('fcTL', 'frame'),
    pngChunk('IDAT', 'pixels'),
    pngChunk('fdAT', 'more'),
    pngChunk('IEND', ''),
  ];
  const [header = [], profile = [], control = [], frame = [], pixels = [], more = [], end = []] = kept;
  const file = bytesOf(
    PNG_HEAD,
    header,
    pngChunk('eXIf', SECRET),
    profile,
    pngChunk('tEXt', SECRET),
    control,
    frame,
    pngChunk('zTXt', SECRET),
    pixels,
    pngChunk('iTXt', SECRET),
    more,
    pngChunk('tIME', SECRET),
    pngChunk('caBX', SECRET),
    end,
    SECRET,
  );

  assert.deepEqual(join(stripPng(file)), bytesOf(PNG_HEAD, ...kept));
});

test('a WebP loses EXIF, XMP and what nobody knows; sizes and flags are right', () => {
  const picture = [riffChunk('ICCP', 'odd'), riffChunk('ANIM', 'loop'), riffChunk('ANMF', 'frame')];
  const metadata = [riffChunk('EXIF', SECRET), riffChunk('XMP ', SECRET), riffChunk('what', SECRET)];
  const file = webp(riffChunk('VP8X', '\x3e123456789'), ...picture, ...metadata);
  const unpadded = webp(riffChunk('VP8 ', 'odd').slice(0, -1));

  const stripped = join(stripWebp(bytesOf(file, SECRET)));

  assert.deepEqual(stripped, webp(riffChunk('VP8X', '\x32123456789'), ...picture));
  assert.deepEqual(join(stripWebp(unpadded)), unpadded);
});

for (const name of ['truncated.png', 'animated.webp', 'alpha.webp']) {
  test(`${name} has nothing to lose`, async () => {
    const file = await readFixture(name);

    const stripped = join(name.endsWith('png') ? stripPng(file) : stripWebp(file));

    assert.ok(Buffer.compare(file, stripped ?? Buffer.of()) === 0);
  });
}

test('a screenshot loses the map of its own offsets, which would no longer be true', async () => {
  const file = await readFixture('png-alpha-1024x768.png');
  assert.match(latin1(file.subarray(0, 99)), /iDOT/);

  const stripped = join(stripPng(file));

  assert.equal(stripped?.length, file.length - 40);
});

test('a length that leads out of the file hides no metadata', () => {
  const header = pngChunk('IHDR', '1234567890123');
  const lie = pngChunk('IDAT', 'pixels').with(0, 0x7f);
  const riffLie = riffChunk('VP8 ', 'pixels').with(6, 0x7f);

  assert.equal(stripPng(bytesOf(PNG_HEAD, header, lie, pngChunk('eXIf', SECRET))), undefined);
  assert.ok(stripPng(bytesOf(PNG_HEAD, header, lie)));
  assert.equal(stripWebp(webp(riffLie, riffChunk('EXIF', SECRET))), undefined);
  assert.equal(join(stripPng(bytesOf(PNG_HEAD, header, pngChunk('eXIf', SECRET).slice(0, 12))))?.length, 33);
});

test('a row that breaks off in garbage is not trusted, nor is a file without a picture', () => {
  const header = pngChunk('IHDR', '1234567890123');

  assert.equal(stripPng(bytesOf(PNG_HEAD, header, 'garbage garbage garbage')), undefined);
  assert.equal(stripPng(bytesOf(PNG_HEAD)), undefined);
  assert.equal(stripWebp(bytesOf('RIFF')), undefined);
  assert.equal(stripWebp(webp(riffChunk('EXIF', SECRET))), undefined);
});

test('a JPEG keeps its picture, profile and colour transform, and loses all that speaks of it', () => {
  const [jfif, profile, adobe] = [
    segment(0xe0, 'JFIF\0'),
    segment(0xe2, 'ICC_PROFILE\0'),
    segment(0xee, 'Adobe'),
  ];
  const picture = [segment(0xdb, 'table'), segment(0xc2, 'frame')];
  const scan = bytesOf(segment(0xda, 'scan'), 'a\xff\0b\xff\xd0c', segment(0xc4, 'table'));
  const metadata = [
    segment(0xe1, `Exif\0\0${SECRET}`),
    segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${SECRET}`),
    segment(0xe2, `MPF\0${SECRET}`),
    segment(0xed, `Photoshop 3.0\0${SECRET}`),
    segment(0xfe, SECRET),
  ];
  const file = bytesOf([0xff, 0xd8], jfif, ...metadata, profile, adobe, ...picture, scan, scan, '\xff\xd9');

  const stripped = join(stripJpeg(bytesOf(file, segment(0xe1, `Exif\0\0${SECRET}`))));

  assert.deepEqual(stripped, bytesOf([0xff, 0xd8], jfif, profile, adobe, ...picture, scan, scan, '\xff\xd9'));
});

test('a real JPEG stays the same picture without its position', async () => {
  const file = await readFixture('gps-nikon.jpg');

  const stripped = join(stripJpeg(file));

  assert.ok(stripped && stripped.length < file.length);
  assert.doesNotMatch(latin1(stripped), /Exif\0\0|ns\.adobe\.com/);
  const facts = sniffImage(stripped);
  assert.deepEqual([facts?.width, facts?.height, facts?.hasMetadata], [640, 480, false]);
});

test('a JPEG whose segments make no sense, or hide something, is not trusted', async () => {
  const scan = segment(0xda, 'scan');

  assert.equal(stripJpeg(await readFixture('corrupt-header.jpg')), undefined);
  assert.equal(stripJpeg(bytesOf([0xff, 0xd8], segment(0xdb, 'table'))), undefined);
  assert.equal(stripJpeg(bytesOf([0xff, 0xd8], 'garbage')), undefined);
  assert.equal(stripJpeg(bytesOf([0xff, 0xd8], scan, `Exif\0\0${SECRET}`)), undefined);
});

test('no damage brings a mark of metadata through, or makes a file larger', async () => {
  const exif = bytesOf(pngChunk('eXIf', `Exif\0\0${SECRET}`));
  const png = bytesOf(
    PNG_HEAD,
    pngChunk('IHDR', '1234567890123'),
    exif,
    pngChunk('IDAT', 'x'.repeat(99)),
    exif,
  );
  const photo = (await readFixture('gps-nikon.jpg')).subarray(0, 40_000);
  const damage = fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 5 });

  fc.assert(
    fc.property(damage, fc.constantFrom(png, photo), (flips, source) => {
      const bytes = Uint8Array.from(source);
      for (const [at, value] of flips) bytes[at] = value;
      const left = join(source === png ? stripPng(bytes) : stripJpeg(bytes));
      assert.ok(!left || left.length <= bytes.length);
      if (left && source === photo) assert.doesNotMatch(latin1(left), /Exif\0\0/);
    }),
  );
});

for (const [name, expected] of [
  ['photo.avif', false],
  ['small.heif', true],
] as const) {
  test(`${name} carries ${expected ? 'metadata' : 'a picture only'}`, async () => {
    assert.equal(carriesMetadata(viewOf(await readFixture(name))), expected);
  });
}

test('HEIC and AVIF: whatever is not known to be picture counts as metadata', () => {
  const picture = [box('ftyp', 'avif'), meta('av01', 'grid'), box('mdat', 'pixels')];

  assert.equal(carries(...picture), false);
  assert.equal(carries(...picture.toReversed()), false);
  for (const type of ['Exif', 'mime', 'uri ', 'jpeg', '????']) {
    assert.equal(carries(box('ftyp', 'avif'), meta('av01', type), box('mdat', '')), true, type);
  }
  for (const type of ['uuid', 'mpvd', 'what'])
    assert.equal(carries(...picture, box(type, SECRET)), true, type);
  assert.equal(carries(box('meta', [0, 0, 0, 0], box('iinf', [0, 0, 0, 0, 0, 1], box('infe', 'old')))), true);
  assert.equal(carries(box('meta', [0, 0, 0, 0], box('xml ', SECRET))), true);
  assert.equal(carries(...picture, [0, 0, 0]), true);
  assert.equal(carries(...picture, box('mdat', 'cut off').slice(0, -1)), true);
  assert.equal(carries(...picture, [0, 0, 0, 2], [1, 2, 3, 4]), true);
});

test('a moving picture is only pictures when its tracks are, and nothing hangs on them', () => {
  assert.equal(
    carries(box('ftyp', 'avis'), box('moov', box('mvhd', ''), track('pict'), track('auxv'))),
    false,
  );
  assert.equal(carries(box('moov', track('meta'))), true);
  assert.equal(carries(box('moov', track('pict', box('udta', SECRET)))), true);
  assert.equal(carries(box('moov', track('pict'), box('meta', SECRET))), true);
});

test('sizes of 64 bits and up to the end are understood', () => {
  const head = [box('ftyp', 'avif'), meta('av01')];

  assert.equal(carries(...head, bytesOf([0, 0, 0, 1], 'mdat', [0, 0, 0, 0, 0, 0, 0, 18], 'px')), false);
  assert.equal(carries(...head, bytesOf([0, 0, 0, 0], 'mdat', 'pixels')), false);
  assert.equal(carries(...head, bytesOf([0, 0, 0, 0], 'uuid', SECRET)), true);
  assert.equal(carries(...head, bytesOf([0, 0, 0, 1], 'mdat', [0])), true);
});

test('no bytes make the search throw', async () => {
  const head = (await readFixture('small.heif')).subarray(0, 600);

  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(599), fc.nat(255)), { maxLength: 20 }), (flips) => {
      const bytes = Uint8Array.from(head);
      for (const [at, value] of flips) bytes[at] = value;
      carriesMetadata(viewOf(bytes));
    }),
  );
});

for (const signature of ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']) {
  test(`${JSON.stringify(signature)} is a TIFF, which carries metadata by nature`, () => {
    const facts = sniffImage(bytesOf(signature, 'whatever'));

    assert.deepEqual([facts?.kind, facts?.hasMetadata], ['tiff', true]);
  });
}

function meta(...items: readonly string[]): Uint8Array {
  const entries = items.map((type) => box('infe', [2, 0, 0, 0, 0, 1, 0, 0], type, '\0'));
  return box(
    'meta',
    [0, 0, 0, 0],
    box('hdlr', 'pict'),
    box('iinf', [0, 0, 0, 0, 0, items.length], ...entries),
  );
}

function track(handler: string, ...more: readonly Part[]): Uint8Array {
  const media = box('mdia', box('hdlr', zeros(8), handler), box('minf', ''));
  return box('trak', box('tkhd', ''), media, ...more);
}

function carries(...parts: readonly Part[]): boolean {
  return carriesMetadata(viewOf(bytesOf(...parts)));
}

function join(remains: Remains): Uint8Array | undefined {
  return remains && bytesOf(...remains);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

async function readFixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(new URL(`../../fixtures/images/${name}`, import.meta.url)));
}
