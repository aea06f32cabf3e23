// An upload that one list has paused and another has taken over: whoever works on it has the say.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Uploader } from '../../../widget/engine/uploader.js';
import { FakeWorld, idle, only, pick, textFile, until } from './fake-world.js';
import { forgetSlowDowns, type HeldSend, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';
import { records, visit } from './visits.js';

beforeEach(forgetSlowDowns);

interface TakenOver {
  readonly world: FakeWorld;
  readonly paused: Uploader;
  readonly active: Uploader;
  readonly held: readonly HeldSend[];
}

/** Half of the parts were sent by a list that is paused now; another list of the page sends the rest. */
async function takeOver(): Promise<TakenOver> {
  const world = new FakeWorld();
  const file = textFile('big', 1200);
  const paused = await visit(world, file, { arrivals: 5 });
  const held = holdSends(world);
  const active = world.uploader();
  active.add(pick(file));
  await until(active, ({ status }) => status === 'uploading');
  await settle();
  return { world, paused, active, held };
}

async function finish({ world, active, held }: TakenOver): Promise<void> {
  const done = idle(active);
  world.sending = undefined;
  for (const one of held) one.arrive();
  await done;
}

test('removing the paused row leaves alone what another list goes on with', async () => {
  const scene = await takeOver();
  const { world, paused, active } = scene;

  paused.remove(only(paused).id);
  await settle();
  assert.deepEqual([world.aborted.size, await records(world)], [0, ['id1']]);
  await finish(scene);

  assert.deepEqual([only(active).status, only(active).key], ['complete', 'k/id1']);
});

test('discarding what another list goes on with does nothing', async () => {
  const scene = await takeOver();
  const { world, paused, active } = scene;

  await paused.discard(['id1']);
  await settle();
  assert.deepEqual([world.aborted.size, await records(world)], [0, ['id1']]);
  await finish(scene);

  assert.deepEqual([only(active).status, only(active).key], ['complete', 'k/id1']);
});

test('a restored row that was paused again may be taken over, too', async () => {
  const world = new FakeWorld();
  const file = textFile('big', 1200);
  await visit(world, file, { arrivals: 5, sent: textFile('smaller', 1100) });
  holdSends(world);
  const paused = world.uploader();
  await paused.restore('id1');
  await until(paused, ({ status }) => status === 'uploading');
  paused.pause();
  await settle();
  const active = world.uploader();
  active.add(pick(file));
  await until(active, ({ status }) => status === 'uploading');

  paused.remove(only(paused).id);
  await settle();

  assert.deepEqual([world.aborted.size, await records(world)], [0, ['id1']]);
  active.pause();
});

test('a paused row that nobody has taken over is given up when it is removed', async () => {
  const world = new FakeWorld();
  const paused = await visit(world, textFile('big', 1200), { arrivals: 5 });

  paused.remove(only(paused).id);
  await settle();

  assert.deepEqual([[...world.aborted], await records(world)], [['id1'], []]);
});
