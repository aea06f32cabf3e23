// Files in parts: signed just in time, sent several at once, and only what storage lacks is sent again.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { idOf, partOf, POLICY } from './fake-signer.js';
import { FakeWorld, idle, only, pick, record, refusal, textFile, uploadOne } from './fake-world.js';
import { forgetSlowDowns, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';

const SIGN = '/v1/uploads/sign';
const MIB = 2 ** 20;

beforeEach(forgetSlowDowns);

function partsOf(world: FakeWorld, id = 'id1'): readonly number[] {
  return world.sent.filter(({ url }) => idOf(url) === id).map(({ url }) => partOf(url));
}

function signedCounts(world: FakeWorld): readonly number[] {
  return world
    .callsOf(SIGN)
    .map(({ body }) => (body.requests as { parts: unknown[] }[])[0]?.parts.length ?? 0);
}

test('a large file goes in parts that together are the file, each once', async () => {
  const world = new FakeWorld();

  const { status, sentBytes, size } = await uploadOne(world, textFile('big', 1950));

  assert.deepEqual([status, sentBytes, size], ['complete', 1950, 1950]);
  const parts = world.parts.get('id1');
  assert.deepEqual(
    [...(parts?.keys() ?? [])].toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  assert.deepEqual([parts?.get(1), parts?.get(20), world.sent.length], [100, 50, 20]);
});

test('the first part goes at once; then parts are signed in growing groups', async () => {
  const world = new FakeWorld();

  await uploadOne(world, textFile('big', 2000), { concurrency: 4 });

  assert.deepEqual(signedCounts(world), [1, 2, 4, 4, 4, 4, 1]);
});

test('never more parts are signed and not yet sent than twice as many as are sent at once', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 4 });
  const done = idle(uploader);

  uploader.add(pick(textFile('big', 4000)));
  let most = 0;
  for (let arrived = 0; arrived < 40; arrived += 1) {
    await settle();
    const signed = signedCounts(world).reduce((sum, count) => sum + count, 0);
    most = Math.max(most, signed - arrived);
    assert.ok(held.length - arrived <= 4, `${held.length - arrived} at once`);
    held[arrived]?.arrive();
  }
  await done;

  assert.ok(most > 4 && most <= 8, `${most} signed and not stored`);
});

test('progress is told by bytes over all parts', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 2 });
  const done = idle(uploader);
  uploader.add(pick(textFile('big', 1200)));
  await settle();

  held[0]?.progress(40);
  held[1]?.progress(70);
  world.nowMs += 1000;
  held[1]?.progress(80);
  assert.equal(only(uploader).sentBytes, 120);
  for (let index = 0; index < 12; index += 1) {
    held[index]?.arrive();
    await settle();
  }
  await done;

  assert.equal(only(uploader).status, 'complete');
});

for (const [title, fail] of [
  ['a 404', () => refusal(404, 'NoSuchUpload')],
  ['an answer that the browser hides', () => refusal(0)],
] as const) {
  test(`${title} for an upload that storage has lost starts the file again, once, and says so`, async () => {
    const world = new FakeWorld();
    world.sending = async (url, body, { onProgress }) => {
      if (partOf(url) === 5) world.gone.add('id1');
      if (world.gone.has(idOf(url))) throw fail();
      world.store(url, body.size);
      onProgress(body.size);
    };
    const uploader = world.uploader();
    const changes = record(uploader);

    uploader.add(pick(textFile('big', 1500)));
    await idle(uploader);

    const { status, key, notice } = only(uploader);
    assert.deepEqual([status, key, notice], ['complete', 'k/id2', 'upload-gone']);
    assert.equal(world.callsOf('/v1/uploads').length, 2);
    assert.equal(partsOf(world, 'id2').length, 15);
    assert.ok(changes.some(({ file }) => file.status === 'signing' && file.notice === 'upload-gone'));
  });
}

test('parts that turn out to be missing are sent again, and no others', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    const isLost =
      [3, 7].includes(partOf(url)) && partsOf(world).filter((part) => part === partOf(url)).length === 1;
    if (!isLost) world.store(url, body.size);
    onProgress(body.size);
  };

  const { status } = await uploadOne(world, textFile('big', 1200));

  assert.equal(status, 'complete');
  assert.deepEqual(partsOf(world).slice(12), [3, 7]);
});

test('a part of another size is not taken for sent', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    const isCut = partOf(url) === 2 && partsOf(world).filter((part) => part === 2).length === 1;
    world.store(url, isCut ? 10 : body.size);
    onProgress(body.size);
  };

  const { status } = await uploadOne(world, textFile('big', 1200));

  assert.equal(status, 'complete');
  assert.deepEqual(partsOf(world).slice(12), [2]);
});

for (const size of [500, 1500]) {
  test(`a body of ${size} bytes that arrived damaged is sent again`, async () => {
    const world = new FakeWorld();
    world.policy = { ...POLICY, integrity: true };
    world.sending = async (url, body) => {
      if (world.sent.length === 1) throw refusal(400, 'BadDigest');
      world.store(url, body.size);
    };

    const { status } = await uploadOne(world, textFile('a', size));

    assert.deepEqual([status, world.sent.length], ['complete', size === 500 ? 2 : 16]);
  });

  test(`a file of ${size} bytes that is no longer what was hashed has changed`, async () => {
    const world = new FakeWorld();
    world.policy = { ...POLICY, integrity: true };
    world.sending = () => Promise.reject(refusal(400, 'BadDigest'));
    let hashes = 0;
    const uploader = world.uploader(
      { concurrency: 1 },
      { hasher: { md5: async () => `md5-${(hashes += 1)}` } },
    );

    uploader.add(pick(textFile('a', size)));
    await idle(uploader);

    const { error } = only(uploader);
    assert.deepEqual([error?.code, error?.retryable, world.sent.length], ['file-changed', false, 1]);
  });
}

test('a store that checks on its own, unasked, is believed that the body was damaged', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body) => {
    if (world.sent.length === 1) throw refusal(400, 'BadDigest');
    world.store(url, body.size);
  };

  assert.equal((await uploadOne(world)).status, 'complete');
});

test('each part is hashed before it is signed, and its digest is what is signed', async () => {
  const world = new FakeWorld();
  world.policy = { ...POLICY, integrity: true };

  await uploadOne(world, textFile('big', 1100), { remember: false });

  const digests = world
    .callsOf(SIGN)
    .flatMap(({ body }) => (body.requests as { parts: { md5?: string }[] }[]).flatMap(({ parts }) => parts))
    .map(({ md5 }) => md5);
  assert.equal(digests.length, 11);
  assert.ok(digests.every((md5) => md5 === digests[0] && md5?.endsWith('==')));
});

/** Cuts every body of the first plan after its first bytes. */
function cutFirstPlan(world: FakeWorld, cuts = Infinity): void {
  world.sending = async (url, body, { onProgress }) => {
    onProgress(Math.min(body.size - 1, 50));
    if (idOf(url) === 'id1' && world.sent.length <= cuts) throw refusal(0);
    world.store(url, body.size);
    onProgress(body.size);
  };
}

test('a line that cuts every part in its middle gets smaller parts after four of them', async () => {
  const world = new FakeWorld();
  world.partSize = 8 * MIB;
  cutFirstPlan(world);

  const { status, key, notice } = await uploadOne(world, textFile('big', 12 * MIB), { concurrency: 1 });

  assert.deepEqual([status, key, notice], ['complete', 'k/id2', null]);
  const hints = world
    .callsOf('/v1/uploads')
    .map(({ body }) => (body.files as { partSizeHint?: number }[])[0]);
  assert.equal(hints[1]?.partSizeHint, 5 * MIB);
  assert.ok(partsOf(world).length <= 8);
  assert.deepEqual(world.openMultiparts, []);
});

test('parts that cannot be any smaller are sent on, however often the line is cut', async () => {
  const world = new FakeWorld();
  cutFirstPlan(world, 12);

  const { status, key } = await uploadOne(world, textFile('big', 1500), { concurrency: 1 });

  assert.deepEqual([status, key, world.callsOf('/v1/uploads').length], ['complete', 'k/id1', 1]);
});

test('a part that fails for good stops the others at once, those that wait for their next try, too', async () => {
  const world = new FakeWorld();
  world.time.holdsPauses = true;
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 4 });
  uploader.add(pick(textFile('big', 2000)));
  await settle();
  assert.equal(held.length, 4);

  held[0]?.fail(refusal(503, 'SlowDown', 200));
  held[1]?.fail(refusal(500));
  await settle();
  held[2]?.fail(refusal(400, 'InvalidArgument'));
  await settle();

  const { status, error } = only(uploader);
  assert.deepEqual([status, error?.code], ['failed', 'storage-error']);
  assert.ok(held.slice(3).every(({ isStopped }) => isStopped));
  assert.equal(world.nowMs, 0);
});

test('an upload that turns out to be stored already is not a conflict', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 1 });
  uploader.add(pick(textFile()));
  await settle();
  uploader.pause();
  world.answers.set('/v1/uploads/status', (call) => {
    const answer = world.answer(call);
    // It arrives after all, just after the signer looked.
    world.stored.add('id1');
    return answer;
  });

  uploader.resume();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, held.length], ['complete', 1]);
});
