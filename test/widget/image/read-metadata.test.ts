// Descriptions and thumbnails that files carry; and that no bytes make any reader throw.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import sharp from 'sharp';
import type { Bytes } from '../../../widget/image/bytes.js';
import { readDescription } from '../../../widget/image/metadata/description.js';
import { hasGps } from '../../../widget/image/metadata/gps.js';
import { insertIntoPng } from '../../../widget/image/metadata/insert-metadata.js';
import { keepMetadata } from '../../../widget/image/metadata/keep-metadata.js';
import { findThumbnail } from '../../../widget/image/metadata/thumbnail.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { stripGif } from '../../../widget/image/strip-blocks.js';
import { stripHeif } from '../../../widget/image/strip-boxes.js';
import { stripPng, stripWebp } from '../../../widget/image/strip-chunks.js';
import { stripJpeg } from '../../../widget/image/strip-segments.js';

const SHARED = resolve(import.meta.dirname, '../../../../shared/fixtures/images');
const names = existsSync(SHARED) ? readdirSync(SHARED) : [];
const skip = names.length > 0 ? false : `${SHARED} is missing`;
const blank = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } });
const ALT = `<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="de">Ein Hund</rdf:li>
  <rdf:li xml:lang="x-default">A dog &amp; its&#x20;ball
  &lt;3</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>`;
const CAPTION = '<dc:description><rdf:Alt><rdf:li xml:lang="en">A dog</rdf:li></rdf:Alt></dc:description>';

test('the alternative text of IPTC comes first, then a caption, then what EXIF says', async () => {
  for (const type of ['jpeg', 'png', 'webp', 'avif'] as const) {
    const describe = async (xmp: string, exif = 'In EXIF') =>
      readDescription(await say(type, { xmp: packet(xmp), exif }));

    assert.equal(await describe(CAPTION + ALT), 'A dog & its ball <3', type);
    assert.equal(await describe(CAPTION), 'A dog', type);
    assert.equal(await describe(''), 'In EXIF', type);
    assert.equal(await describe('<dc:description/>', 'OLYMPUS DIGITAL CAMERA'), undefined, type);
  }
});

test('a caption of IPTC is read, in UTF-8 and in Latin', async () => {
  const jpeg = await blank.clone().jpeg().toBuffer();
  for (const caption of [Buffer.from('Über den Wolken'), Buffer.from('Über den Wolken', 'latin1')]) {
    const dataset = Buffer.concat([Buffer.of(0x1c, 2, 120, 0, caption.length), caption]);
    const block = Buffer.concat([
      Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0', 'latin1'),
      Buffer.of(dataset.length),
      dataset,
    ]);
    const segment = Buffer.concat([Buffer.of(0xff, 0xed, 0, block.length + 2), block]);
    const file = Uint8Array.from(Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]));

    assert.equal(readDescription(file), 'Über den Wolken');
  }
});

test('a description is one line of bounded length without tricks; what cameras write is none', async () => {
  assert.equal(
    readDescription(await sayInXmp('two\r\n lines\u202e and\t <b>more</b> ')),
    'two lines and more',
  );
  assert.equal(readDescription(await sayInXmp('é'.repeat(3000)))?.length, 1000);
  for (const exif of ['SAMSUNG CAMERA PICTURES', 'DSC_0042', 'IMG_1.JPG', 'cof', '   ', 'Exif_JPEG_PICTURE'])
    assert.equal(readDescription(await say('jpeg', { exif })), undefined, exif);
});

test('a thumbnail is found, in the beginning of a file too', { skip }, () => {
  for (const name of ['exif-canon-40d.jpg', 'gps-nikon.jpg', 'gps-iphone-hdr.jpg']) {
    const head = Uint8Array.from(readFileSync(`${SHARED}/${name}`).subarray(0, 65_536));
    const found = findThumbnail(head);

    const facts = found && sniffImage(head.subarray(found.start, found.end));
    assert.equal(facts?.kind, 'jpeg', name);
    assert.ok((facts.width ?? 0) > 50 && (facts.width ?? 0) < 600, name);
    assert.equal(found?.orientation, 1);
  }
});

test('no beginning of any file makes a reader throw', { skip }, () => {
  const plain = Uint8Array.from(readFileSync(new URL('../../fixtures/images/alpha.webp', import.meta.url)));
  for (const name of names) {
    const bytes = Uint8Array.from(readFileSync(`${SHARED}/${name}`).subarray(0, 40_000));
    const step = Math.max(1, Math.floor(bytes.length / 150));
    for (let end = 0; end < bytes.length; end += end < 100 ? 1 : step) readAll(bytes.slice(0, end), plain);
  }
});

test('no damage makes a reader throw', { skip }, () => {
  const heads = names.map((name) => Uint8Array.from(readFileSync(`${SHARED}/${name}`).subarray(0, 6000)));
  const plain = Uint8Array.from(readFileSync(new URL('../../fixtures/images/alpha.webp', import.meta.url)));
  const flips = fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 30 });

  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readAll(Uint8Array.from(bytes), plain)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...heads), flips, (head, damage) => {
      const bytes = Uint8Array.from(head);
      for (const [at, value] of damage) bytes[at % bytes.length] = value;
      readAll(bytes, plain);
    }),
    { numRuns: 400 },
  );
});

function readAll(bytes: Bytes, plain: Bytes): void {
  sniffImage(bytes);
  hasGps(bytes);
  readDescription(bytes);
  findThumbnail(bytes);
  keepMetadata(bytes, plain);
  keepMetadata(plain, bytes);
  for (const strip of [stripJpeg, stripPng, stripWebp, stripGif, stripHeif]) strip(bytes);
}

async function say(
  type: 'jpeg' | 'png' | 'webp' | 'avif',
  { xmp, exif }: { readonly xmp?: string; readonly exif?: string },
): Promise<Bytes> {
  const image = exif ? blank.clone().withExif({ IFD0: { ImageDescription: exif } }) : blank.clone();
  // Of PNG, sharp packs the text.
  const said = xmp && type !== 'png' ? image.withXmp(xmp) : image;
  const bytes = Uint8Array.from(await said.toFormat(type).toBuffer());
  return xmp && type === 'png' ? insertIntoPng(bytes, { xmp: new TextEncoder().encode(xmp) }) : bytes;
}

function sayInXmp(text: string): Promise<Bytes> {
  return say('jpeg', { xmp: packet(`<dc:description>${text}</dc:description>`) });
}

function packet(properties: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description>${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}
