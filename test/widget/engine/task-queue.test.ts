// The queue in front of storage: who goes when, how many at once, and what ten thousand of them cost.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { test } from 'node:test';
import { TaskQueue } from '../../../widget/engine/task-queue.js';
import { settle } from './virtual-time.js';

const NEVER = new AbortController().signal;
// All tasks of a test wait for it.
setMaxListeners(0, NEVER);

test('a queue never runs more tasks than the limit, in order, and forgets those that are aborted', async () => {
  const queue = new TaskQueue();
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const controllers = Array.from({ length: 20 }, () => new AbortController());
  const tasks = controllers.map(({ signal }, index) =>
    queue.run(
      { limit: 3, rank: index },
      async () => {
        order.push(index);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (index % 5 === 0) throw new Error('task failed');
      },
      signal,
    ),
  );

  controllers[7]?.abort();
  const outcomes = await Promise.allSettled(tasks);

  assert.equal(most, 3);
  assert.deepEqual(
    order,
    Array.from({ length: 20 }, (_, index) => index).filter((index) => index !== 7),
  );
  assert.deepEqual(
    outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
    [0, 5, 7, 10, 15],
  );
});

/** A task that runs until it is told to end. */
function openTask() {
  const ends: (() => void)[] = [];
  const ended = new Promise<void>((resolve) => ends.push(resolve));
  return { end: () => ends[0]?.(), task: () => ended };
}

test('of those that wait, the lowest rank goes first, and equal ranks in their order', async () => {
  const queue = new TaskQueue();
  const first = openTask();
  const order: string[] = [];
  const run = (name: string, rank: number) =>
    queue.run({ limit: 1, rank }, async () => void order.push(name), NEVER);
  const blocker = queue.run({ limit: 1, rank: 9 }, first.task, NEVER);

  const all = [run('c', 3), run('a', 1), run('b1', 2), run('b2', 2)];
  first.end();
  await Promise.all([blocker, ...all]);

  assert.deepEqual(order, ['a', 'b1', 'b2', 'c']);
});

test('one with a small limit does not hold up those with a larger one', async () => {
  const queue = new TaskQueue();
  const open = openTask();
  const order: string[] = [];
  const running = queue.run({ limit: 1, rank: 1 }, open.task, NEVER);

  const small = queue.run({ limit: 1, rank: 2 }, async () => void order.push('small'), NEVER);
  const large = queue.run({ limit: 2, rank: 3 }, async () => void order.push('large'), NEVER);
  await large;
  assert.deepEqual(order, ['large']);
  open.end();
  await Promise.all([running, small]);

  assert.deepEqual(order, ['large', 'small']);
});

/** How many of so many tasks run at once. */
async function countRunning(queue: TaskQueue, limit: number, count: number): Promise<number> {
  let running = 0;
  const tasks = Array.from({ length: count }, openTask);
  const all = tasks.map(({ task }, rank) =>
    queue.run({ limit, rank }, () => ((running += 1), task()), NEVER),
  );
  await settle();
  const seen = running;
  for (const { end } of tasks) end();
  await Promise.all(all);
  return seen;
}

test('a slow storage halves how many run at once, and each success brings some back', async () => {
  const queue = new TaskQueue();
  const tasks = Array.from({ length: 8 }, openTask);
  const all = tasks.map(({ task }, rank) => queue.run({ limit: 8, rank }, task, NEVER));

  // The same overload, told by each of those that met it.
  for (let times = 0; times < 8; times += 1) queue.slowDown();
  for (const { end } of tasks) end();
  await Promise.all(all);
  assert.equal(await countRunning(queue, 8, 20), 4);

  for (let times = 0; times < 4; times += 1) queue.speedUp();
  assert.equal(await countRunning(queue, 8, 20), 5);
  for (let times = 0; times < 3000; times += 1) queue.speedUp();
  assert.equal(await countRunning(queue, 100, 120), 100);
});

test('however often storage is overloaded, one at a time still goes', async () => {
  const queue = new TaskQueue();

  for (let times = 0; times < 50; times += 1) queue.slowDown();

  assert.equal(await countRunning(queue, 8, 20), 1);
});

test('tasks that enter together wait until there is room for all of them, and leave one by one', async () => {
  const queue = new TaskQueue();
  await queue.enter({ limit: 4, rank: 1, weight: 3 }, NEVER);
  let entered = 0;
  const second = queue.enter({ limit: 4, rank: 2, weight: 3 }, NEVER).then(() => (entered += 1));
  const tooHeavy = queue.enter({ limit: 4, rank: 3, weight: 9 }, NEVER).then(() => (entered += 1));

  queue.leave();
  await settle();
  assert.equal(entered, 0);
  queue.leave();
  await second;
  assert.equal(entered, 1);
  for (let times = 0; times < 4; times += 1) queue.leave();
  await tooHeavy;

  assert.equal(entered, 2);
});

test('a task that waits is told at once when it is aborted, and one that is aborted already never runs', async () => {
  const queue = new TaskQueue();
  const open = openTask();
  const running = queue.run({ limit: 1, rank: 1 }, open.task, NEVER);
  const controller = new AbortController();
  let ran = 0;
  const waiting = queue.run({ limit: 1, rank: 2 }, async () => (ran += 1), controller.signal);

  controller.abort('enough');

  await assert.rejects(waiting, (reason) => reason === 'enough');
  await assert.rejects(
    queue.run({ limit: 9, rank: 2 }, async () => (ran += 1), controller.signal),
    (reason) => reason === 'enough',
  );
  open.end();
  await running;
  assert.equal(ran, 0);
});

test('ten thousand that wait are looked at some dozens of times each, not thousands', async () => {
  const queue = new TaskQueue();
  const count = 10_000;
  let looks = 0;
  const order: number[] = [];
  const placeAt = (rank: number) => ({
    get limit() {
      looks += 1;
      return 6;
    },
    get rank() {
      looks += 1;
      return rank;
    },
  });
  const controllers = Array.from({ length: count }, () => new AbortController());
  const all = controllers.map(({ signal }, index) => {
    // Far apart in rank, one after the other in time.
    const rank = (index * 7919) % count;
    return queue.run(placeAt(rank), async () => void order.push(rank), signal).catch(() => undefined);
  });

  for (const controller of controllers.slice(5000)) controller.abort();
  await Promise.all(all);

  assert.equal(order.length, 5000);
  const waited = order.slice(6);
  assert.deepEqual(
    waited,
    waited.toSorted((a, b) => a - b),
  );
  assert.ok(looks < count * 60, `${looks} looks`);
});
