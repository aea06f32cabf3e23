// JPEG XL, which nearly no browser decodes: stripped without a decoder, and the user is told what was not made of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { viewOf } from '../../../widget/image/bytes.js';
import { walkBoxes } from '../../../widget/image/formats/isobmff-boxes.js';
import { stripJxl } from '../../../widget/image/strip-jxl.js';
import { transformAll } from '../../../widget/image/transform-all.js';

const boxed = await readFixture('gps-boxes.jxl');
const bare = Uint8Array.of(0xff, 0x0a, 0x4f, 0, 0, 0, 0, 0, 0, 0, 0, 0);

test('the boxes of the picture stay as they are, packed metadata goes and so does what a JPEG had', () => {
  assert.equal(typesOf(boxed), 'JXL ,ftyp,jxlp,jbrd,brob,brob,jxlp');

  const stripped = Buffer.concat([...(stripJxl(boxed) ?? [])]);

  assert.equal(typesOf(stripped), 'JXL ,ftyp,jxlp,jxlp');
  assert.deepEqual(pictureOf(stripped), pictureOf(boxed));
});

test('a picture without boxes has no room for metadata; one that is cut off, or none, is not trusted', () => {
  assert.deepEqual(stripJxl(bare), [bare]);
  assert.equal(stripJxl(boxed.slice(0, -1)), undefined);
  assert.equal(stripJxl(boxed.slice(0, 32)), undefined);
});

test('it is sent without its metadata at its own size, as it is where that is to be kept, and it is said', async () => {
  const file = new Blob([boxed], { type: 'image/jxl' });

  const { main, notice } = await transformAll(file, { maxWidth: 50 });
  const kept = await transformAll(file, { metadata: 'keep' });

  const { width, height, changed } = main;
  assert.deepEqual([width, height, changed, notice], [96, 72, true, 'original-sent']);
  assert.equal(typesOf(new Uint8Array(await main.blob.arrayBuffer())), 'JXL ,ftyp,jxlp,jxlp');
  assert.deepEqual([kept.main.blob, kept.notice], [file, undefined]);
});

test('its size is told as shown, and without metadata nothing is changed', async () => {
  const file = new Blob([await readFixture('orientation-6.jxl')], { type: 'image/jxl' });

  const { main, notice } = await transformAll(file, {});

  assert.deepEqual([main.width, main.height, main.blob, notice], [60, 45, file, undefined]);
});

function typesOf(bytes: Uint8Array): string {
  return [...walkBoxes(viewOf(bytes), 0, bytes.length)].map(({ type }) => type).join();
}

function pictureOf(bytes: Uint8Array): readonly Uint8Array[] {
  return [...walkBoxes(viewOf(bytes), 0, bytes.length)]
    .filter(({ type }) => type === 'jxlp')
    .map(({ start, end }) => Uint8Array.from(bytes.subarray(start, end)));
}

async function readFixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(join(import.meta.dirname, '../../fixtures/images', name)));
}
