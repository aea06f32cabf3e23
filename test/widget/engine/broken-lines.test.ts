// Lines that break: one lost connection is nobody's fault, a second one has a cause, and nothing is stored twice.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { FileSnapshot } from '../../../widget/engine/uploader.js';
import { FakeWorld, idle, idOf, json, only, pick, problem, record, refusal, textFile } from './fake-world.js';

async function upload(world: FakeWorld, file = textFile()): Promise<FileSnapshot> {
  const uploader = world.uploader();
  uploader.add(pick(file));
  await idle(uploader);
  return only(uploader);
}

/** Loses the first sends after so many bytes; the bucket keeps them when all have arrived. */
function loseFirst(world: FakeWorld, lost: number, sentBytes: number): void {
  world.sending = async (url, body, { onProgress }) => {
    const isLost = world.sent.length <= lost;
    onProgress(isLost ? sentBytes : body.size);
    if (isLost) throw refusal(0);
    world.stored.add(idOf(url));
  };
}

test('a signer that lives but gives this page no answer does not let its origin in', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/sites/pk_test', () => Promise.reject(new TypeError('fetch failed')));

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable], ['origin-not-allowed', true]);
});

test('a connection that breaks once is made again at once, and nobody is asked why', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 1);

  const { status } = await upload(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
  assert.equal(world.callsOf('/v1/uploads').length, 1);
  assert.deepEqual([world.callsOf('/healthz').length, world.callsOf('/v1/uploads/complete').length], [0, 1]);
});

test('a connection that breaks twice has a cause', async () => {
  const world = new FakeWorld();
  loseFirst(world, 2, 1);
  const log = mock.method(console, 'error', () => undefined);

  const { error } = await upload(world);

  log.mock.restore();
  assert.deepEqual([error?.code, world.sent.length], ['blocked-by-network', 2]);
});

test('progress never goes back while the body is sent again', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    const isLost = world.sent.length === 1;
    for (const bytes of isLost ? [4, 8] : [2, 6, body.size]) {
      world.nowMs += 1000;
      onProgress(bytes);
    }
    if (isLost) throw refusal(0);
    world.stored.add(idOf(url));
  };
  const uploader = world.uploader();
  const changes = record(uploader);

  uploader.add(pick(textFile('a', 10)));
  await idle(uploader);

  const uploading = changes.filter(({ file }) => file.status === 'uploading');
  assert.deepEqual(
    uploading.map(({ file }) => file.progress),
    [0, 0.4, 0.8, 1],
  );
});

test('bytes that all went out are asked for before they go again', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 3);

  const { status } = await upload(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
  assert.equal(world.callsOf('/v1/uploads/complete').length, 2);
});

test('bytes that all went out and may have arrived are not sent again', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 3);
  world.answers.set('/v1/uploads/complete', () => json(problem('storage-timeout', { retryable: true }), 504));
  const log = mock.method(console, 'error', () => undefined);

  const { status } = await upload(world);

  log.mock.restore();
  assert.deepEqual([status, world.sent.length], ['failed', 1]);
});

test('a first try that arrived after all makes the second one meet it', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    world.stored.add(idOf(url));
    throw refusal(world.sent.length === 1 ? 0 : 412);
  };

  const { status } = await upload(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
});

test('a request that grew old while the line was broken is signed anew', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    if (world.sent.length === 1) {
      world.nowMs += 880_000;
      throw refusal(0);
    }
    world.stored.add(idOf(url));
  };

  await upload(world);

  const signatures = world.sent.map(({ url }) => new URL(url).searchParams.get('signature'));
  assert.deepEqual(signatures, ['first', 'fresh']);
});

test('a file that is removed while its line breaks is not sent again', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  world.sending = async () => {
    uploader.remove(only(uploader).id);
    throw refusal(0);
  };

  uploader.add(pick(textFile()));
  await idle(uploader);

  assert.deepEqual([uploader.files.length, world.sent.length], [0, 1]);
});
