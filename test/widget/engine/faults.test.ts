// What happens when storage, signer, network or file fail: which code, which second try, and what is never taken for success.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { idOf, POLICY } from './fake-signer.js';
import {
  FakeWorld,
  idle,
  noAnswer,
  only,
  pick,
  refusal,
  textFile,
  uploadOne as upload,
  withOnline,
} from './fake-world.js';

const BUDGET_MS = 15 * 60_000;

test('a request that grew old in the queue is signed anew before it is sent', async () => {
  const world = new FakeWorld();
  let sends = 0;
  world.sending = async (url) => {
    sends += 1;
    if (sends === 1) world.nowMs += 880_000;
    world.stored.add(idOf(url));
  };
  const uploader = world.uploader({ concurrency: 1 });

  uploader.add(pick(textFile('a'), textFile('b')));
  await idle(uploader);

  const signatures = world.sent.map(({ url }) => new URL(url).searchParams.get('signature'));
  assert.deepEqual(signatures, ['first', 'fresh']);
});

test('a 403 gets one fresh signature and one more try', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    if (!url.endsWith('fresh')) throw refusal(403);
    world.stored.add(idOf(url));
  };

  const { status } = await upload(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
});

test('a 403 that stays is an error of storage, after two fresh signatures', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(403));

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable, world.sent.length], ['storage-error', false, 3]);
  assert.equal(error?.message, 'Storage answered 403 AccessDenied');
});

for (const status of [403, 405]) {
  test(`a ${status} without a word of storage comes from something in between`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(status, ''));

    const { error } = await upload(world);

    assert.deepEqual([error?.code, error?.retryable, world.sent.length], ['blocked-by-network', true, 1]);
  });
}

for (const [title, status] of [
  ['no answer after all bytes', 0],
  ['a 409', 409],
  ['a 412', 412],
] as const) {
  test(`${title}: a file that storage has all the same is complete`, async () => {
    const world = new FakeWorld();
    world.sending = async (url, body, { onProgress }) => {
      onProgress(body.size);
      world.stored.add(idOf(url));
      throw refusal(status);
    };

    assert.equal((await upload(world)).status, 'complete');
  });
}

for (const status of [400, 404, 501]) {
  test(`a ${status} of storage is final`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(status));

    const { error } = await upload(world);

    assert.deepEqual([error?.code, error?.retryable, world.sent.length], ['storage-error', false, 1]);
  });
}

for (const [status, code] of [
  [503, 'SlowDown'],
  [500, 'InternalError'],
  [429, ''],
  [408, ''],
  [400, 'RequestTimeout'],
] as const) {
  test(`${status} ${code} passes: it is tried again until it has`, async () => {
    const world = new FakeWorld();
    world.sending = async (url) => {
      if (world.sent.length < 12) throw refusal(status, code);
      world.stored.add(idOf(url));
    };

    assert.deepEqual([(await upload(world)).status, world.sent.length], ['complete', 12]);
  });

  test(`${status} ${code} for a quarter of an hour is the end`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(status, code));

    const { error } = await upload(world);

    assert.deepEqual([error?.code, error?.retryable], ['storage-unavailable', true]);
    assert.ok(world.nowMs > BUDGET_MS && world.nowMs < BUDGET_MS + 60_000, `${world.nowMs} ms`);
  });
}

test('a wait is as long as storage asked for', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    if (world.sent.length === 1) throw refusal(503, 'SlowDown', 40);
    world.stored.add(idOf(url));
  };

  await upload(world);

  assert.deepEqual(world.pauses, [42_000]);
});

test('without a network an upload waits, says so, and goes on when the page hears of one', async () => {
  using network = withOnline(false);
  const world = new FakeWorld();
  world.time.holdsPauses = true;
  world.answers.set('/healthz', noAnswer);
  world.sending = async (url) => {
    if (!network.isOnline) throw refusal(0);
    world.stored.add(idOf(url));
  };
  const uploader = world.uploader();
  const done = idle(uploader);

  uploader.add(pick(textFile()));
  await world.time.advance(BUDGET_MS * 2);
  assert.deepEqual([only(uploader).status, only(uploader).notice], ['waiting', 'offline']);
  assert.equal(world.sent.length, 1);
  network.isOnline = true;
  world.wake();
  await done;

  assert.deepEqual([only(uploader).status, only(uploader).notice, world.sent.length], ['complete', null, 2]);
});

test('a network that the browser does not know of is found by asking', async () => {
  using _ = withOnline(false);
  const world = new FakeWorld();
  world.time.holdsPauses = true;
  world.sending = async (url) => {
    if (world.sent.length === 1) throw refusal(0);
    world.stored.add(idOf(url));
  };
  const uploader = world.uploader();
  const done = idle(uploader);

  uploader.add(pick(textFile()));
  await world.time.advance(15_000);
  await done;

  assert.equal(only(uploader).status, 'complete');
  assert.equal(world.callsOf('/healthz').length, 1);
});

for (const [name, code] of [
  ['NotReadableError', 'file-changed'],
  ['NotFoundError', 'file-missing'],
  ['SecurityError', 'file-unreadable'],
] as const) {
  test(`a file whose bytes give ${name} is ${code}`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(0));
    const file = textFile();
    file.slice = () =>
      Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new DOMException('', name)) });

    const { error } = await upload(world, file);

    assert.deepEqual([error?.code, error?.retryable], [code, false]);
  });
}

test('no answer of storage nor of the signer', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(0));
  world.answers.set('/healthz', noAnswer);

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable], ['signer-unreachable', true]);
  assert.ok(world.nowMs > BUDGET_MS);
});

test('storage alone is blocked: the owner reads the cause once, without a signature', async () => {
  const world = new FakeWorld();
  world.bucketOrigin = 'https://blocked.test';
  world.sending = () => Promise.reject(refusal(0));
  const log = mock.method(console, 'error', () => undefined);

  const first = await upload(world);
  await upload(world);

  log.mock.restore();
  assert.deepEqual([first.error?.code, first.error?.retryable], ['blocked-by-network', true]);
  assert.equal(log.mock.callCount(), 1);
  const text = String(log.mock.calls[0]?.arguments[0]);
  assert.match(text, /https:\/\/blocked\.test .*CORS.*origin.*PUT.*content-type/s);
  assert.doesNotMatch(text, /signature|id1/);
});

test('no answer of the signer at all', async () => {
  const world = new FakeWorld();
  for (const path of ['/v1/sites/pk_test', '/healthz']) world.answers.set(path, noAnswer);

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable], ['signer-unreachable', true]);
  assert.ok(world.nowMs > BUDGET_MS);
});

test('a signer that comes back is heard of', async () => {
  const world = new FakeWorld();
  for (const path of ['/v1/sites/pk_test', '/v1/uploads', '/v1/uploads/complete'])
    world.answers.set(path, () => (world.callsOf(path).length < 5 ? noAnswer() : undefined));

  assert.equal((await upload(world)).status, 'complete');
});

test('a failing preparation fails its file with a code', async () => {
  const uploader = new FakeWorld().uploader({}, { prepare: () => Promise.reject(new Error('worker')) });

  uploader.add(pick(textFile()));
  await idle(uploader);

  assert.equal(only(uploader).error?.code, 'image-unreadable');
});

for (const [contentType, restrictions, expected] of [
  ['text/html', {}, 'type-not-allowed'],
  ['image/jpeg', { accept: ['image/png'] }, 'type-not-allowed'],
  ['image/jpeg', { accept: ['image/*'] }, undefined],
] as const) {
  const accept = JSON.stringify(restrictions);
  test(`a PNG that turns out to be ${contentType}, with ${accept}: ${expected ?? 'sent as that'}`, async () => {
    const world = new FakeWorld();
    world.policy = { ...POLICY, accept: ['image/*'] };
    const prepare = (blob: File) =>
      Promise.resolve({ blob, name: blob.name, type: contentType, contentType });
    const uploader = world.uploader({ restrictions }, { prepare });

    uploader.add(pick(new File(['png'], 'a.png', { type: 'image/png' })));
    await idle(uploader);

    assert.equal(only(uploader).error?.code, expected);
    const sent = world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as FileRequest[]);
    assert.deepEqual(
      sent.map(({ name, type }) => [name, type]),
      expected ? [] : [['a.png', contentType]],
    );
  });
}
