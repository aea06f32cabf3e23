// Descriptions of images: given by the user or read from the file, until the upload is planned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedFile } from '../../../widget/engine/uploader.js';
import { FakeWorld, idle, pick, textFile } from './fake-world.js';

test('an image is described by the user, else by itself, until its upload is planned', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader({ autoStart: false }, { prepare: describedFile });
  const { added } = uploader.add(pick(textFile(), textFile('b.txt')));
  const [first = '', second = ''] = added.map(({ id }) => id);

  uploader.setAltText(first, 'Two boats');
  uploader.setAltText('nobody', 'Two boats');
  uploader.start();
  await idle(uploader);
  uploader.setAltText(second, 'Too late');

  const texts = uploader.files.map(({ altText, isAltTextFixed }) => [altText, isAltTextFixed]);
  assert.deepEqual(texts, [
    ['Two boats', true],
    ['A harbour', true],
  ]);
});

function describedFile(file: File): Promise<PreparedFile> {
  return Promise.resolve({ blob: file, name: file.name, type: file.type, altText: 'A harbour' });
}
