// After a reload: what an earlier visit left unfinished is recognised by its content, and only what is missing is sent.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeWorld, idle, only, pick, refusal, textFile, until } from './fake-world.js';
import { forgetSlowDowns, holdAnswer, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';
import { records, sentParts, visit } from './visits.js';

beforeEach(forgetSlowDowns);

test('the same file, chosen again, goes on where the last visit ended', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  assert.deepEqual(await records(world), ['id1']);
  const uploader = world.uploader();

  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key], ['complete', 'k/id1']);
  assert.deepEqual(sentParts(world), [6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(await records(world), []);
});

test('a file that storage has as a whole is confirmed, and not sent', async () => {
  const world = new FakeWorld();
  // By the hash of the whole, a small file is known again.
  world.policy = { ...world.policy, integrity: true };
  await visit(world, textFile('small', 500), { arrivals: 0 });
  world.stored.add('id1');
  const uploader = world.uploader();

  uploader.add(pick(textFile('small', 500)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, world.sent.length], ['k/id1', 0]);
});

test('another content of the same name and size is a new upload', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader();

  uploader.add(pick(textFile('big', 1200, 'y')));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, world.sent.length], ['k/id2', 12]);
});

/** Larger than what is sampled of it, with other bytes at one place. */
function sampledFile(change?: number): File {
  const bytes = new Uint8Array(1_000_000);
  if (change !== undefined) bytes[change] = 1;
  return new File([bytes], 'big');
}

test('a change that the samples miss is found in the parts: nothing is spliced, and the old upload is given up', async () => {
  const world = new FakeWorld();
  world.partSize = 100_000;
  await visit(world, sampledFile(), { arrivals: 3 });
  const uploader = world.uploader();

  uploader.add(pick(sampledFile(80_000)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, world.sent.length], ['k/id2', 10]);
  assert.deepEqual([[...world.aborted], await records(world)], [['id1'], []]);
});

test('the same large file is taken for the same', async () => {
  const world = new FakeWorld();
  world.partSize = 100_000;
  await visit(world, sampledFile(), { arrivals: 3 });
  const uploader = world.uploader();

  uploader.add(pick(sampledFile()));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, sentParts(world)], ['k/id1', [4, 5, 6, 7, 8, 9, 10]]);
});

test('a part that nothing is remembered of is sent again', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 3 });
  world.store('https://bucket.test/id1?partNumber=9', 100);
  const uploader = world.uploader();

  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);

  assert.deepEqual(sentParts(world), [4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('an upload that storage has lost meanwhile is begun anew', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  world.gone.add('id1');
  const uploader = world.uploader();

  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, world.sent.length, await records(world)], ['k/id2', 12, []]);
});

test('without remembering nothing is kept and nothing is recognised', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader({ remember: false });

  assert.deepEqual(await uploader.unfinished(), []);
  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, await records(world)], ['k/id2', ['id1']]);
});

test('a file that is complete leaves no record, however small and quick', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();

  uploader.add(pick(textFile('a'), textFile('b', 1200)));
  await idle(uploader);
  await world.time.advance(5000);

  assert.deepEqual(await records(world), []);
});

test('a file that failed for good leaves no record', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('b', 1200)));
  await world.time.advance(1500);
  assert.deepEqual(await records(world), ['id1']);

  held[0]?.fail(refusal(400));
  await settle();

  assert.deepEqual([only(uploader).status, await records(world)], ['failed', []]);
});

test('the same file twice in one list is two uploads, though the first is remembered', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader({ concurrency: 50 });
  uploader.add(pick(textFile('big', 1200)));
  await world.time.advance(1500);
  assert.deepEqual(await records(world), ['id1']);

  uploader.add(pick(textFile('big', 1200)));
  const done = idle(uploader);
  for (let index = 0; index < 24; index += 1) {
    await settle();
    held[index]?.arrive();
  }
  await done;

  assert.deepEqual(
    uploader.files.map(({ status, key }) => [status, key]),
    [
      ['complete', 'k/id1'],
      ['complete', 'k/id2'],
    ],
  );
});

test('a paused file keeps its upload when the same file is added again', async () => {
  const world = new FakeWorld();
  const uploader = await visit(world, textFile('big', 1200), { arrivals: 5 });

  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);
  uploader.resume();
  await idle(uploader);

  assert.deepEqual(
    uploader.files.map(({ status, key }) => [status, key]),
    [
      ['complete', 'k/id1'],
      ['complete', 'k/id2'],
    ],
  );
});

test('a removed file is forgotten, even before it was recognised', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader();
  world.answers.set('/v1/uploads/status', () => {
    uploader.clear();
    return undefined;
  });

  uploader.add(pick(textFile('big', 1200)));
  await settle();

  assert.deepEqual([[...world.aborted], await records(world)], [['id1'], []]);
});

test('what was sent with a grant is remembered for nobody', async () => {
  const world = new FakeWorld();
  holdSends(world);
  const uploader = world.uploader({ grant: 'of-alice' });
  uploader.add(pick(textFile('big', 1200)));
  await until(uploader, ({ status }) => status === 'uploading');

  uploader.pause();
  await settle();

  assert.deepEqual([await records(world), await uploader.unfinished()], [[], []]);
});

test('an upload that was paused while it was planned is remembered, gone on with or not', async () => {
  const world = new FakeWorld();
  const planning = holdAnswer(world, '/v1/uploads');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();

  uploader.pause();
  planning.release();
  await settle();

  assert.deepEqual(await records(world), ['id1']);
});

test('a small file that is stopped within its first second is remembered, too', async () => {
  const world = new FakeWorld();
  world.policy = { ...world.policy, integrity: true };
  world.time.holdsPauses = true;
  holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('small', 500)));
  await until(uploader, ({ status }) => status === 'uploading');

  uploader.pause();
  await settle();

  assert.deepEqual(await records(world), ['id1']);
});

test('an upload that was paused while it was planned is remembered once it goes on', async () => {
  const world = new FakeWorld();
  holdSends(world);
  const planning = holdAnswer(world, '/v1/uploads');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  uploader.pause();
  planning.release();
  await settle();

  uploader.resume();
  await settle();

  assert.deepEqual(await records(world), ['id1']);
});

test('a pause right after the plan does not keep the upload from being remembered', async () => {
  const world = new FakeWorld();
  holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();

  uploader.pause();
  await world.time.advance(2000);

  assert.deepEqual(await records(world), ['id1']);
});
