// Lines that break: what was sent is looked up before it goes again, nothing is stored twice, and a cause is named in the end.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { idOf, problem } from './fake-signer.js';
import {
  FakeWorld,
  idle,
  json,
  noAnswer,
  only,
  pick,
  record,
  refusal,
  textFile,
  uploadOne,
} from './fake-world.js';

/** Loses the first sends after so many bytes; the bucket keeps the others. */
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
  world.answers.set('/v1/sites/pk_test', noAnswer);

  const { error } = await uploadOne(world);

  assert.deepEqual([error?.code, error?.retryable, world.pauses.length], ['origin-not-allowed', true, 2]);
});

test('a connection that breaks in the middle is made again, with the same plan', async () => {
  const world = new FakeWorld();
  loseFirst(world, 5, 1);

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 6]);
  assert.deepEqual(
    [world.callsOf('/v1/uploads').length, world.callsOf('/v1/uploads/complete').length],
    [1, 1],
  );
  assert.equal(world.callsOf('/v1/uploads/status').length, 0);
});

test('storage that has never let this page in is not waited for: three tries, then the owner reads why', async () => {
  const world = new FakeWorld();
  world.bucketOrigin = 'https://closed.test';
  loseFirst(world, Infinity, 0);
  const log = mock.method(console, 'error', () => undefined);

  const { error } = await uploadOne(world);

  log.mock.restore();
  assert.deepEqual([error?.code, world.sent.length], ['blocked-by-network', 3]);
  assert.equal(log.mock.callCount(), 1);
});

test('storage that has let this page in before is down, not closed: it is waited for', async () => {
  const world = new FakeWorld();
  await uploadOne(world);
  world.sending = async (url) => {
    if (world.sent.length < 10) throw refusal(0);
    world.stored.add(idOf(url));
  };

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 10]);
});

test('storage that does not answer a probe is down: it is waited for', async () => {
  const world = new FakeWorld();
  world.bucketOrigin = 'https://down.test';
  world.isBucketUp = false;
  loseFirst(world, 8, 0);

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 9]);
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

  const uploading = changes.filter(({ file }) => file.status === 'uploading' || file.status === 'waiting');
  assert.deepEqual(
    uploading.map(({ file }) => [file.status, file.progress]),
    [
      ['uploading', 0],
      ['uploading', 0.4],
      ['uploading', 0.8],
      ['waiting', 0.8],
      ['uploading', 0.8],
      ['uploading', 1],
    ],
  );
});

test('a wait says why, and the word is gone when it is over', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 1);
  const uploader = world.uploader();
  const changes = record(uploader);

  uploader.add(pick(textFile()));
  await idle(uploader);

  const notices = changes.flatMap(({ file: { status, notice } }) =>
    status === 'waiting' || notice ? [[status, notice]] : [],
  );
  assert.deepEqual(notices, [['waiting', 'storage-unavailable']]);
  assert.equal(only(uploader).notice, null);
});

test('bytes that all went out are asked for before they go again', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 3);

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
  assert.equal(world.callsOf('/v1/uploads/status').length, 1);
});

test('bytes that all went out and may have arrived are not sent again while nobody can tell', async () => {
  const world = new FakeWorld();
  loseFirst(world, 1, 3);
  world.answers.set('/v1/uploads/status', () => json(problem('storage-timeout', { retryable: true }), 504));

  const { status, error } = await uploadOne(world);

  assert.deepEqual([status, error?.code, world.sent.length], ['failed', 'storage-timeout', 1]);
  assert.ok(world.nowMs >= 15 * 60_000);
});

test('bytes that arrived are found when the signer can tell again', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    onProgress(body.size);
    world.stored.add(idOf(url));
    throw refusal(0);
  };
  world.answers.set('/v1/uploads/status', () =>
    world.callsOf('/v1/uploads/status').length < 4 ? noAnswer() : undefined,
  );

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 1]);
});

test('a first try that arrived after all makes the second one meet it', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    world.stored.add(idOf(url));
    throw refusal(world.sent.length === 1 ? 503 : 412, 'SlowDown');
  };

  const { status } = await uploadOne(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
});

test('after a lost answer the request is signed anew, for browsers hide that it expired', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    if (world.sent.length === 1) throw refusal(0);
    world.stored.add(idOf(url));
  };

  await uploadOne(world);

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

test('a site whose storage is in trouble does not hold up another site of the page', async () => {
  const broken = new FakeWorld();
  broken.time.holdsPauses = true;
  broken.sending = () => Promise.reject(refusal(503, 'SlowDown'));
  const waiting = broken.uploader();
  waiting.add(pick(...Array.from({ length: 20 }, (_, index) => textFile(`${index}.txt`))));
  await broken.time.advance(60_000);

  const healthy = new FakeWorld().uploader({ signer: 'https://other.test' });
  healthy.add(pick(textFile()));
  await broken.time.advance(60_000);

  waiting.clear();
  assert.equal(only(healthy).status, 'complete');
});
