// What earlier visits left unfinished: listed, restored without choosing, or given up.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeWorld, idle, only, textFile } from './fake-world.js';
import { forgetSlowDowns } from './held-sends.js';
import { records, visit } from './visits.js';

beforeEach(forgetSlowDowns);

test('what is unfinished is listed with what storage holds, and not what this list has itself', async () => {
  const world = new FakeWorld();
  const first = await visit(world, textFile('big', 1200), { arrivals: 5 });
  const next = world.uploader();

  assert.deepEqual(await first.unfinished(), []);
  assert.deepEqual(await next.unfinished(), [
    { id: 'id1', name: 'big', size: 1200, type: 'text/plain', sentBytes: 500, hasBytes: false },
  ]);
});

test('an upload whose file is opened again is restored', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader();

  assert.equal(await uploader.restore('id1', { file: textFile('big', 1200, 'y') }), undefined);
  assert.equal(await uploader.restore('nobody', { file: textFile('big', 1200) }), undefined);
  assert.equal(await uploader.restore('id1'), undefined);
  const snapshot = await uploader.restore('id1', { file: textFile('big', 1200) });
  await idle(uploader);

  assert.equal(snapshot?.id, only(uploader).id);
  assert.deepEqual([only(uploader).key, world.sent.length], ['k/id1', 7]);
});

test('an upload whose file is opened twice is restored once', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader();
  const again = () => uploader.restore('id1', { file: textFile('big', 1200) });

  const both = await Promise.all([again(), again()]);
  const listed = await uploader.unfinished();
  const third = await again();
  await idle(uploader);

  assert.equal(both.filter((one) => one !== undefined).length, 1);
  assert.deepEqual([listed, third], [[], undefined]);
  assert.deepEqual([only(uploader).key, world.planned.size], ['k/id1', 1]);
});

test('a prepared image goes on from the bytes that were kept, without its file, and only once', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('photo.png', 5000), { arrivals: 4, sent: new Blob(['p'.repeat(1100)]) });
  const uploader = world.uploader();
  const [unfinished] = await uploader.unfinished();
  assert.deepEqual([unfinished?.hasBytes, unfinished?.sentBytes, unfinished?.size], [true, 400, 1100]);

  const both = await Promise.all([uploader.restore('id1'), uploader.restore('id1')]);
  assert.equal(both.filter((one) => one !== undefined).length, 1);
  await idle(uploader);

  const { key, name, size } = only(uploader);
  assert.deepEqual([key, name, size, world.sent.length], ['k/id1', 'photo.png', 1100, 7]);
  assert.deepEqual(await records(world), []);
});

test('a restored upload is not restored again while it is paused', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('photo.png', 5000), { arrivals: 4, sent: new Blob(['p'.repeat(1100)]) });
  const uploader = world.uploader({ autoStart: false });
  await uploader.restore('id1');
  uploader.pause(only(uploader).id);

  assert.equal(await uploader.restore('id1'), undefined);
  uploader.resume();
  await idle(uploader);

  assert.equal(only(uploader).key, 'k/id1');
});

test('what is discarded is given up in storage and forgotten here', async () => {
  const world = new FakeWorld();
  await visit(world, textFile('big', 1200), { arrivals: 5 });
  const uploader = world.uploader();

  await uploader.discard(['id1', 'nobody']);

  assert.deepEqual(
    [[...world.aborted], await records(world), await uploader.unfinished()],
    [['id1'], [], []],
  );
});
