// Files that are put together oddly, and that browsers show all the same: what is read in them, and taken out.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFacts } from '../../../widget/image/give-original.js';
import { hasGps } from '../../../widget/image/metadata/gps.js';
import { readExifOrientation } from '../../../widget/image/formats/exif.js';
import { sniffImage } from '../../../widget/image/sniff.js';
import { stripJpeg } from '../../../widget/image/strip-segments.js';
import { bytesOf, type Part, png, pngChunk, segment, uint32 } from '../../support/put-bytes.js';

const SECRET = '12 Secret Street';
/** More than what is read at first. */
const LONG = 300 * 1024;

test('a JPEG with stray bytes between its segments is read and stripped as any other', () => {
  const [start, end] = [[0xff, 0xd8], '\xff\xd9'];
  const frame = segment(0xc0, [8, 0, 30, 0, 40, 1, 1, 0x11, 0]);
  const scan = bytesOf(segment(0xda, 'scan'), 'a\xff\0b');
  const file = bytesOf(start, segment(0xfe, SECRET), '\0', frame, 'xy\xff\0z', scan, end, `\xa9xyz${SECRET}`);

  const facts = sniffImage(file);

  assert.deepEqual([facts?.width, facts?.height], [40, 30]);
  assert.deepEqual(bytesOf(...(stripJpeg(file) ?? [])), bytesOf(start, frame, scan, end));
});

test('a position as films carry it is found, its mark alone is none', () => {
  assert.equal(hasGps(bytesOf('udta\0\0\0\x1e\xa9xyz', [0, 0x12, 0x15, 0xc7], '+52.5200+013.4050/')), true);
  assert.equal(hasGps(bytesOf('\xa9xyz', [7, 7, 7, 7])), false);
});

test('an orientation counts when it is written as browsers read it', () => {
  assert.equal(orient(3, 1), 6);
  assert.deepEqual([orient(4, 1), orient(1, 1), orient(3, 2)], [1, 1, 1]);
  assert.deepEqual([orient(3, 1, 'II+\0'), orient(3, 1, 'XX*\0')], [1, 1]);
});

for (const [title, chunks, expected] of [
  ['moves', [pngChunk('acTL', '12345678')], [true, false, 1]],
  ['is transparent', [pngChunk('tRNS', '\0')], [false, true, 1]],
  ['lies on its side', [pngChunk('eXIf', exif(6))], [false, false, 6]],
  ['is none of that', [], [false, false, 1]],
] as const) {
  test(`a PNG tells that it ${title} behind a long text, too`, async () => {
    const text = pngChunk('tEXt', `Comment\0${'x'.repeat(LONG)}`);
    const file = new Blob([png(text, ...chunks, pngChunk('IDAT', '…'))]);

    const facts = await readFacts(file, {});

    assert.deepEqual([facts?.isAnimated, facts?.hasAlpha, facts?.orientation], expected);
  });
}

test('a GIF of one frame is no animation, however many bytes it has', async () => {
  const comment = ['!\xfe', ...Array.from({ length: LONG / 256 }, () => `\xff${'x'.repeat(255)}`), '\0'];
  const frame = bytesOf([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  const gif = (...frames: readonly Part[]) =>
    readFacts(new Blob([bytesOf('GIF89a', [1, 0, 1, 0, 0, 0, 0], ...comment, ...frames, ';')]), {});

  assert.equal((await gif(frame))?.isAnimated, false);
  assert.equal((await gif(frame, frame))?.isAnimated, true);
});

test('a long moving AVIF without metadata is seen to have none', async () => {
  const bytes = await readFile(join(import.meta.dirname, '../../fixtures/images/photo.avif'));
  bytes.write('avis', 8, 'latin1');

  const facts = await readFacts(new Blob([bytes]), {});

  assert.deepEqual([bytes.length > 256 * 1024, facts?.isAnimated, facts?.hasMetadata], [true, true, false]);
});

function orient(type: number, count: number, head: Part = 'II*\0'): number {
  const entry = [0x12, 1, type, 0, count, 0, 0, 0, 6, 0, 0, 0];
  const { buffer } = bytesOf(head, [8, 0, 0, 0, 1, 0], entry, [0, 0, 0, 0]);
  return readExifOrientation(new DataView(buffer));
}

function exif(orientation: number): Uint8Array {
  return bytesOf('MM\0*', uint32(8), [0, 1, 0x01, 0x12, 0, 3], uint32(1), [0, orientation, 0, 0], uint32(0));
}
