// What files really are, by their first bytes, and which type they are then judged by.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { judgeContent } from '../../../widget/image/judge-content.js';
import { type FileKind, sniffFile } from '../../../widget/image/sniff-file.js';
import { box, bytesOf, zeros } from '../../support/put-bytes.js';

const SHARED = resolve(import.meta.dirname, '../../../../shared/fixtures/images');
const names = existsSync(SHARED) ? readdirSync(SHARED) : [];
const KINDS: Readonly<Record<string, string>> = { jpg: 'jpeg', heif: 'heic', tif: 'tiff' };

for (const [what, content, expected] of [
  ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="32px" height="24"/>', 'svg 32x24'],
  [
    'an SVG behind everything that may come first',
    `\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "x" [<!ENTITY a "b">]>\n<svg:svg viewBox="0 0 7.5 3">`,
    'svg 7.5x3',
  ],
  ['an SVG of no size', '<svg width="100%">', 'svg nullxnull'],
  ['a page', ' <!-- hi --><!DOCTYPE HTML><p>', 'html nullxnull'],
  ['a page without ceremony', '<script>alert(1)</script>', 'html nullxnull'],
  ['words', 'a < b, <htmlish> and <svgish>', undefined],
  ['XML of some kind', '<?xml version="1.0"?><feed/>', undefined],
  ['a PDF', '%PDF-1.7\n', 'pdf nullxnull'],
  ['a PDF behind some bytes', '\0\0garbage%PDF-1.4', 'pdf nullxnull'],
  ['a BMP', bytesOf('BM', zeros(12), u32le(40), u32le(20), u32le(-10)), 'bmp 20x10'],
  ['a BMP of OS/2', bytesOf('BM', zeros(12), u32le(12), [20, 0, 10, 0], zeros(8)), 'bmp 20x10'],
  ['a word with BM', 'BMW drivers are people, too, mostly', undefined],
  // One bit for small sides, five for the height in eights less one, three for the ratio 1:1.
  ['a small JPEG XL', bytesOf([0xff, 0x0a, 0b01_00111_1, 0], zeros(9)), 'jxl 64x64'],
  [
    'a JPEG XL in boxes',
    bytesOf(
      [0, 0, 0, 12],
      'JXL \r\n\x87\n',
      box('ftyp', 'jxl '),
      box('jxlc', [0xff, 0x0a, 0x4f, 0], zeros(9)),
    ),
    'jxl 64x64',
  ],
  ['an MP4', bytesOf(box('ftyp', 'isom', zeros(4)), movie(1920, 1080)), 'mp4 1920x1080'],
  ['an upright MP4', bytesOf(box('ftyp', 'mp42', zeros(4)), movie(1920, 1080, true)), 'mp4 1080x1920'],
  ['a QuickTime film', bytesOf(box('ftyp', 'qt  ', zeros(4)), movie(640, 480)), 'mov 640x480'],
  ['an old one without a brand', bytesOf(box('wide'), movie(640, 480)), 'mov 640x480'],
  ['a raw photo in boxes', box('ftyp', 'crx ', zeros(4)), undefined],
  ['a WebM', webm('webm'), 'webm 320x240'],
  ['a Matroska', webm('matroska'), 'mkv 320x240'],
] as const) {
  test(`${what} is ${expected ?? 'nothing that we know'}`, () => {
    const facts = sniffFile(typeof content === 'string' ? bytesOf(content) : content);

    assert.equal(facts && `${facts.kind} ${facts.width}x${facts.height}`, expected);
  });
}

test('UTF-16 hides no SVG', () => {
  assert.equal(sniffFile(Buffer.from('\ufeff<svg width="1" height="2">', 'utf16le'))?.kind, 'svg');
});

test('every photo is what it is', { skip: names.length > 0 ? false : `${SHARED} is missing` }, () => {
  for (const name of names) {
    const extension = name.split('.').at(-1) ?? '';
    const head = readFileSync(`${SHARED}/${name}`).subarray(0, 65_536);
    assert.equal(sniffFile(head)?.kind, KINDS[extension] ?? extension, name);
    for (let end = 0; end < 2000; end += 7) sniffFile(head.subarray(0, end));
  }
});

test('no bytes make it throw, and none make it slow', () => {
  const marks = [
    '<svg ',
    '<!--',
    '<?',
    '<!doctype ',
    'BM',
    '\xff\x0a',
    '\x1a\x45\xdf\xa3',
    '\0\0\0\x14ftypmp42',
    '\0\0\0\x08moov',
  ];
  const content = fc.array(fc.oneof(fc.constantFrom(...marks), fc.string({ maxLength: 20 })), {
    maxLength: 20,
  });

  fc.assert(fc.property(content, (parts) => void sniffFile(bytesOf(...parts))));
  fc.assert(
    fc.property(
      fc.constantFrom(...marks),
      fc.uint8Array({ maxLength: 200 }),
      (mark, rest) => void sniffFile(bytesOf(mark, [...rest])),
    ),
  );
  for (const mark of marks) {
    const startedAt = performance.now();
    sniffFile(bytesOf(mark.repeat(9000)));
    assert.ok(performance.now() - startedAt < 1000, mark);
  }
});

for (const [name, type, kind, expected] of [
  ['photo.jpg', 'image/jpeg', 'jpeg', 'image/jpeg'],
  ['photo.png', 'image/png', 'jpeg', 'image/jpeg'],
  ['photo.jpg', 'image/jpg', 'jpeg', 'image/jpg'],
  ['photo.jpg', 'image/jpeg', 'html', 'text/html'],
  ['photo.jpg', '', 'svg', 'image/svg+xml'],
  ['photo.heif', 'image/heif', 'heic', 'image/heif'],
  ['clip.mov', 'video/quicktime', 'mp4', 'video/quicktime'],
  ['song.m4a', 'audio/mp4', 'mp4', 'audio/mp4'],
  ['photo.jpg', 'image/jpeg', 'pdf', 'application/pdf'],
  ['photo.jpg', 'image/jpeg', undefined, 'image/jpeg'],
  ['notes.md', 'text/markdown', 'html', 'text/markdown'],
  ['raw.nef', 'image/x-nikon-nef', 'tiff', 'image/x-nikon-nef'],
  ['photo', 'application/octet-stream', 'jpeg', 'application/octet-stream'],
  ['photo', '', 'jpeg', ''],
] as const satisfies readonly (readonly [string, string, FileKind | undefined, string])[]) {
  test(`${name} of type "${type}" with ${kind ?? 'unknown'} inside is judged as "${expected}"`, () => {
    assert.equal(judgeContent({ name, type }, kind), expected);
  });
}

function u32le(value: number): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeInt32LE(value);
  return number;
}

function movie(width: number, height: number, isTurned = false): Uint8Array {
  const header = Buffer.alloc(84);
  header.writeUInt32BE(0x10000, isTurned ? 44 : 40);
  header.writeUInt16BE(width, 76);
  header.writeUInt16BE(height, 80);
  return box(
    'moov',
    box('mvhd', zeros(8)),
    box('trak', box('tkhd', zeros(84))),
    box('trak', box('tkhd', header)),
  );
}

/** Elements of unknown length, but for the last. */
function webm(type: string): Uint8Array {
  const head = bytesOf([0x42, 0x82, 0x80 + type.length], type);
  const video = [0xe0, 0xff, 0xb0, 0x82, 1, 0x40, 0xba, 0x81, 240];
  const track = [0x18, 0x53, 0x80, 0x67, 0xff, 0x16, 0x54, 0xae, 0x6b, 0xff, 0xae, 0xff, 0xd7, 0x81, 1];
  return bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0x80 + head.length], head, track, video);
}
