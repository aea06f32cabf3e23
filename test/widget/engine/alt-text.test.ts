// Descriptions of images: as the user gives them, until the upload is planned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { FakeWorld, idle, pick, textFile } from './fake-world.js';

test('a description goes with the upload, in one line, and stays as it was when that was planned', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader({ autoStart: false });
  const { added } = uploader.add(pick(textFile(), textFile('b.txt')));
  const [first = '', second = ''] = added.map(({ id }) => id);

  uploader.setAltText(first, ' Two\n boats ');
  uploader.setAltText('nobody', 'Two boats');
  uploader.start();
  await idle(uploader);
  uploader.setAltText(second, 'Too late');

  const texts = uploader.files.map(({ altText, isAltTextFixed }) => [altText, isAltTextFixed]);
  assert.deepEqual(texts, [
    [' Two\n boats ', true],
    ['', true],
  ]);
  const sent = world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as FileRequest[]);
  assert.deepEqual(
    sent.map(({ altText }) => altText),
    ['Two boats', undefined],
  );
});
