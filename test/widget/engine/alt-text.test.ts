// Descriptions of images: as the user gives them, until the upload is planned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { FakeWorld, idle, only, pick, textFile } from './fake-world.js';
import { holdAnswer, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';

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
    ['Two boats', true],
    ['', true],
  ]);
  const sent = world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as FileRequest[]);
  assert.deepEqual(
    sent.map(({ altText }) => altText),
    ['Two boats', undefined],
  );
});

test('a description that is changed while the signer plans comes too late, and is not told as if it were stored', async () => {
  const world = new FakeWorld();
  const answer = holdAnswer(world, '/v1/uploads');
  const uploader = world.uploader({ autoStart: false });
  const { id = '' } = uploader.add(pick(textFile())).added[0] ?? {};
  uploader.setAltText(id, 'Two boats');
  uploader.start();
  await settle();

  uploader.setAltText(id, 'Three boats');
  answer.release();
  await idle(uploader);

  assert.deepEqual([only(uploader).altText, world.planned.get('id1')?.altText], ['Two boats', 'Two boats']);
});

test('the description of an upload that an earlier visit began is told once it is stored', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const first = world.uploader({ autoStart: false });
  const { id = '' } = first.add(pick(textFile('big', 1200))).added[0] ?? {};
  first.setAltText(id, 'Two boats');
  first.start();
  await world.time.advance(2000);
  first.pause();
  await settle();
  assert.ok(held.length > 0);
  world.sending = undefined;

  const second = world.uploader();
  second.add(pick(textFile('big', 1200)));
  await idle(second);

  assert.deepEqual([only(second).key, only(second).altText], ['k/id1', 'Two boats']);
});
