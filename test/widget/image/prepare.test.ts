// Which files go through the image code: told by type, by extension, and by bytes where neither tells.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ImagePolicy } from '../../../server/protocol.js';
import { createPrepare } from '../../../widget/image/prepare.js';

const POLICY: ImagePolicy = {
  maxWidth: null,
  maxHeight: null,
  quality: 0.85,
  format: 'auto',
  metadata: 'strip',
  renditions: [],
};
const photo = await readFile(join(import.meta.dirname, '../../fixtures/images/gps-nikon.jpg'));
const main = { blob: new Blob(['made']), type: 'image/jpeg', width: 1, height: 1, changed: true };
const made = { main, renditions: [] };

describe('createPrepare', () => {
  const cases: readonly [string, string, BlobPart, boolean][] = [
    ['photo.jpg', 'image/jpeg', photo, true],
    ['photo.jpg', '', photo, true],
    ['photo', '', photo, true],
    ['photo.bin', 'application/octet-stream', photo, true],
    ['notes', '', 'plain words', false],
    ['empty', '', '', false],
    ['report.pdf', 'application/pdf', '%PDF-1.7', false],
    ['drawing.svg', 'image/svg+xml', '<svg/>', false],
  ];
  for (const [name, type, content, isImage] of cases) {
    it(`${isImage ? 'makes' : 'leaves'} ${name} of type "${type}"`, async () => {
      const prepare = createPrepare(() => Promise.resolve(made));
      const file = new File([content], name, { type });

      const { blob } = await prepare(file, POLICY, new AbortController().signal);

      assert.equal(blob, isImage ? main.blob : file);
    });
  }

  it('tells what a file is that says something else, and prepares it as that', async () => {
    const prepare = createPrepare(() => Promise.resolve({ ...made, changed: false }));
    const { signal } = new AbortController();

    const page = await prepare(new File(['<html>'], 'photo.jpg', { type: 'image/jpeg' }), POLICY, signal);
    const picture = await prepare(new File([photo], 'photo.png', { type: 'image/png' }), POLICY, signal);
    const honest = await prepare(new File([photo], 'photo.jpg', { type: 'image/jpeg' }), POLICY, signal);

    assert.deepEqual([page.contentType, page.type, page.name], ['text/html', 'text/html', 'photo.jpg']);
    assert.deepEqual([picture.contentType, picture.type], ['image/jpeg', 'image/jpeg']);
    assert.equal(honest.contentType, undefined);
  });

  it('begins with each of a crowd in a task of its own', async () => {
    const begun: string[] = [];
    class WatchedFile extends File {
      override slice(...range: Parameters<File['slice']>): Blob {
        begun.push(this.name);
        return super.slice(...range);
      }
    }
    const prepare = createPrepare(() => Promise.resolve(made));
    const { signal } = new AbortController();
    const files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => new WatchedFile([photo], name));

    const preparing = files.map((file) => prepare(file, POLICY, signal));
    // Every promise that waits for nothing else goes on before this.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const begunInFirstTask = [...begun];
    await Promise.all(preparing);

    assert.deepEqual(begunInFirstTask, ['a.jpg']);
    assert.deepEqual([...new Set(begun)], ['a.jpg', 'b.jpg', 'c.jpg']);
  });
});
