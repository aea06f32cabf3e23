// Pause, resume and remove at every point of an upload: nothing is sent while it is paused, and nothing that arrived is sent again.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeWorld, idle, only, pick, record, refusal, textFile } from './fake-world.js';
import { forgetSlowDowns, holdAnswer, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';

beforeEach(forgetSlowDowns);

test('pause stops what is under way, and resume sends only what storage lacks', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 3 });
  const changes = record(uploader);
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  for (const send of held.slice(0, 3)) send.arrive();
  await settle();
  world.nowMs += 1000;
  held[3]?.progress(60);

  uploader.pause(only(uploader).id);
  await settle();
  const { status, sentBytes } = only(uploader);
  assert.deepEqual([status, sentBytes, uploader.busy], ['paused', 300, false]);
  assert.ok(held.slice(3).every(({ isStopped }) => isStopped));
  const before = [world.sent.length, world.calls.length];
  await world.time.advance(3_600_000);
  assert.deepEqual([world.sent.length, world.calls.length], before);
  world.sending = undefined;

  uploader.resume();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key], ['complete', 'k/id1']);
  assert.deepEqual([world.sent.length, world.callsOf('/v1/uploads/status').length], [6 + 9, 1]);
  const resumed = changes.filter(({ file }) => file.status === 'uploading' && file.sentBytes < 300).at(-1);
  assert.ok(changes.indexOf(resumed as never) < changes.length / 2, 'what storage holds is counted');
});

for (const path of ['/v1/sites/pk_test', '/v1/uploads', '/v1/uploads/sign']) {
  test(`pause while ${path} is asked sends nothing when the answer comes, and resume goes on`, async () => {
    const world = new FakeWorld();
    const held = holdAnswer(world, path);
    const uploader = world.uploader();
    uploader.add(pick(textFile('big', 1200)));
    await settle();
    assert.equal(held.count(), 1);

    uploader.pause();
    held.release();
    await settle();
    assert.deepEqual([only(uploader).status, world.sent.length], ['paused', 0]);
    uploader.resume();
    await idle(uploader);

    assert.equal(only(uploader).status, 'complete');
    assert.deepEqual([world.planned.size, world.sent.length, world.openMultiparts], [1, 12, []]);
  });
}

test('pause and resume while an upload is planned leave one upload, and give the other one up', async () => {
  const world = new FakeWorld();
  const held = holdAnswer(world, '/v1/uploads');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();

  uploader.pause();
  uploader.resume();
  await settle();
  held.release();
  await idle(uploader);
  await settle();

  assert.equal(only(uploader).status, 'complete');
  assert.deepEqual([world.stored.size, world.openMultiparts], [1, []]);
});

test('pause while storage is asked confirms nothing', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  const confirming = holdAnswer(world, '/v1/uploads/complete');
  await settle();
  uploader.pause();
  world.answers.set('/v1/uploads/complete', () => undefined);
  const asking = holdAnswer(world, '/v1/uploads/status');
  uploader.resume();
  await settle();
  const before = world.callsOf('/v1/uploads/complete').length;

  uploader.pause();
  asking.release();
  await settle();

  assert.deepEqual([only(uploader).status, world.callsOf('/v1/uploads/complete').length], ['paused', before]);
  confirming.release();
});

test('pause while it is confirmed, and resume, end in one object', async () => {
  const world = new FakeWorld();
  const held = holdAnswer(world, '/v1/uploads/complete');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  assert.equal(only(uploader).status, 'completing');

  uploader.pause();
  uploader.resume();
  held.release();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key, world.sent.length], ['complete', 'k/id1', 12]);
});

test('pause ends a wait, and resume does not wait for the rest of it', async () => {
  const world = new FakeWorld();
  world.time.holdsPauses = true;
  world.sending = () => Promise.reject(refusal(503, 'SlowDown', 300));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await settle();
  assert.equal(only(uploader).status, 'waiting');

  uploader.pause();
  world.sending = undefined;
  uploader.resume();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, world.nowMs], ['complete', 0]);
});

test('a file that is paused before its turn does not start, and others do', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  uploader.add(pick(textFile('a'), textFile('b')));

  uploader.pause(uploader.files[0]?.id);
  await idle(uploader);

  assert.deepEqual(
    uploader.files.map(({ status }) => status),
    ['paused', 'complete'],
  );
  uploader.resume(uploader.files[0]?.id);
  await idle(uploader);
  assert.equal(uploader.files[0]?.status, 'complete');
});

test('pause leaves complete and failed files alone', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body) => {
    if (body.size === 5) throw refusal(400);
    world.store(url, body.size);
  };
  const uploader = world.uploader();
  uploader.add(pick(textFile('a'), textFile('b', 5)));
  await idle(uploader);

  uploader.pause();

  assert.deepEqual(
    uploader.files.map(({ status }) => status),
    ['complete', 'failed'],
  );
});

for (const path of ['/v1/uploads', '/v1/uploads/sign']) {
  test(`a large file that is removed while ${path} is asked is given up in storage`, async () => {
    const world = new FakeWorld();
    const held = holdAnswer(world, path);
    const uploader = world.uploader();
    uploader.add(pick(textFile('big', 1200)));
    await settle();

    uploader.clear();
    await settle();
    held.release();
    await settle();

    assert.deepEqual([world.sent.length, world.openMultiparts, [...world.aborted]], [0, [], ['id1']]);
  });
}

test('a file that is removed while storage is asked is not confirmed after it was given up', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  uploader.pause();
  for (let part = 1; part <= 12; part += 1) world.store(`https://bucket.test/id1?partNumber=${part}`, 100);
  const asking = holdAnswer(world, '/v1/uploads/status');
  uploader.resume();
  await settle();
  assert.equal(asking.count(), 1);

  uploader.clear();
  asking.release();
  await settle();

  assert.equal(world.callsOf('/v1/uploads/complete').length, 0);
  assert.deepEqual(
    [world.stored.size, world.openMultiparts, held.every((send) => send.isStopped)],
    [0, [], true],
  );
});

test('a paused file that is removed is given up in storage', async () => {
  const world = new FakeWorld();
  holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  uploader.pause();

  uploader.clear();
  await settle();

  assert.deepEqual([world.openMultiparts, uploader.files.length], [[], 0]);
});
