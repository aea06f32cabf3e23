// One file becomes one object, whenever its upload is stopped and gone on with, here or on a later visit.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ResumeStore } from '../../../widget/engine/resume/resume-store.js';
import { FakeWorld, idle, only, pick, refusal, textFile } from './fake-world.js';
import { forgetSlowDowns, holdAnswer, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';
import { records, sentParts, visit } from './visits.js';

beforeEach(forgetSlowDowns);

/** A file of an earlier visit is chosen again, and the signer has not said yet what storage holds of it. */
async function recognise() {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const status = holdAnswer(world, '/v1/uploads/status');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  return { world, uploader, status };
}

test('a file that is stopped and started while it is recognised is recognised all the same', async () => {
  const { world, uploader, status } = await recognise();

  uploader.pause();
  uploader.resume();
  const done = idle(uploader);
  await settle();
  status.release();
  await done;

  assert.deepEqual([only(uploader).key, [...world.planned.keys()]], ['k/id1', ['id1']]);
  assert.deepEqual([sentParts(world), [...world.aborted]], [[6, 7, 8, 9, 10, 11, 12], []]);
  assert.deepEqual(await records(world), []);
});

test('a file that is stopped while it is recognised is removed with what storage has of it', async () => {
  const { world, uploader, status } = await recognise();

  uploader.pause();
  uploader.clear();
  status.release();
  await settle();

  assert.deepEqual([[...world.aborted], await records(world)], [['id1'], []]);
});

for (const integrity of [true, false]) {
  const how = integrity ? 'hashed' : 'not hashed';

  test(`a small file, ${how}, that arrives as its page dies is confirmed on the next visit`, async () => {
    const world = new FakeWorld();
    world.policy = { ...world.policy, integrity };
    // Storage takes the file, and nobody lives to hear of it.
    world.sending = async (url, body) => {
      world.store(url, body.size);
      await new Promise(() => {});
    };
    const file = new File(['x'.repeat(500)], 'small', { type: 'text/plain', lastModified: 1 });
    world.uploader({ concurrency: 50 }).add(pick(file));
    await settle();
    assert.deepEqual([...world.stored], ['id1']);

    const uploader = world.uploader({ concurrency: 50 });
    uploader.add(pick(file));
    await idle(uploader);

    assert.deepEqual([only(uploader).key, world.sent.length], ['k/id1', 1]);
    assert.deepEqual(await records(world), []);
  });
}

for (const [what, size] of Object.entries({ 'a small file': 500, 'a file in parts': 1200 })) {
  test(`no byte of ${what} leaves before its record is written`, async () => {
    const world = new FakeWorld();
    const writes: (() => void)[] = [];
    const resumeStore: ResumeStore = {
      ...world.resumeStore,
      save: (...args) =>
        new Promise((resolve) => writes.push(() => resolve(world.resumeStore.save(...args)))),
    };
    const uploader = world.uploader({}, { resumeStore });
    uploader.add(pick(textFile('a', size)));
    await world.time.advance(60_000);
    assert.deepEqual([world.planned.size, world.sent], [1, []]);

    const done = idle(uploader);
    for (const write of writes) write();
    await done;

    assert.equal(only(uploader).status, 'complete');
  });
}

test('an upload that failed for good is remembered again once it is tried again', async () => {
  const world = new FakeWorld();
  const held = holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(textFile('b', 1200)));
  await settle();
  held[0]?.fail(refusal(400));
  await settle();
  assert.deepEqual([only(uploader).status, await records(world)], ['failed', []]);

  uploader.retry(only(uploader).id);

  assert.deepEqual(await records(world), ['id1']);
});
