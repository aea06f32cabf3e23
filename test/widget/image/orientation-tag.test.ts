// What is kept of EXIF in PNG and WebP: which way up the picture is, and not a byte more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { readExifOrientation } from '../../../widget/image/formats/exif.js';
import { stripPng, stripWebp } from '../../../widget/image/strip-chunks.js';
import { riffChunk, webp } from '../../support/put-bytes.js';

const SECRET = 'N 52.5 E 13.4';
const PNG_HEAD = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

for (const mark of ['', 'Exif\0\0']) {
  test(`a WebP that lies on its side stays there, with ${JSON.stringify(mark)} before its EXIF`, () => {
    const file = webp(riffChunk('VP8X', '\x0c123456789'), riffChunk('EXIF', mark + exif(6)));

    const stripped = Buffer.concat(stripWebp(file) ?? []);

    const tag = stripped.subarray(-26);
    assert.equal(orientationOf(tag), 6);
    assert.deepEqual(stripped, Buffer.from(webp(riffChunk('VP8X', '\x08123456789'), riffChunk('EXIF', tag))));
  });
}

test('a PNG that lies on its side stays there', () => {
  const [header, pixels, end] = [
    pngChunk('IHDR', '1234567890123'),
    pngChunk('IDAT', 'px'),
    pngChunk('IEND', ''),
  ];
  const file = Buffer.concat([PNG_HEAD, header, pngChunk('eXIf', exif(8)), pixels, end]);

  const stripped = Buffer.concat(stripPng(Uint8Array.from(file)) ?? []);

  const tag = stripped.subarray(41, 67);
  assert.equal(orientationOf(tag), 8);
  assert.deepEqual(
    stripped,
    Buffer.concat([PNG_HEAD, header, pngChunk('eXIf', tag.toString('latin1')), pixels, end]),
  );
  assert.doesNotMatch(stripped.toString('latin1'), /52\.5/);
});

test('nothing is kept of EXIF that is upright, cut off or nonsense', () => {
  const header = pngChunk('IHDR', '1234567890123');
  for (const chunk of [
    pngChunk('eXIf', exif(1)),
    pngChunk('eXIf', exif(9)),
    pngChunk('eXIf', SECRET.repeat(9)),
    pngChunk('eXIf', exif(6)).subarray(0, -1),
  ]) {
    const left = stripPng(Uint8Array.from(Buffer.concat([PNG_HEAD, header, chunk])));
    assert.deepEqual(Buffer.concat(left ?? []), Buffer.concat([PNG_HEAD, header]));
  }
});

/** Little-endian TIFF with an orientation, and a position behind it. */
function exif(orientation: number): string {
  const entry = `\x12\x01\x03\0\x01\0\0\0${String.fromCharCode(orientation)}\0\0\0`;
  return `II*\0\x08\0\0\0\x01\0${entry}\0\0\0\0${SECRET}`;
}

function orientationOf(tiff: Buffer): number {
  return readExifOrientation(new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength));
}

function pngChunk(name: string, data: string): Buffer {
  const body = Buffer.from(name + data, 'latin1');
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
