// Who may be decoded when, and who waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWorkers } from '../../../widget/image/image-pipeline.js';
import { PixelBudget } from '../../../widget/image/pixel-budget.js';

const never = new AbortController().signal;

/** Takes turns in order and tells who has one. */
function queue(budget: PixelBudget) {
  const started: string[] = [];
  const take = async (name: string, pixels: number, signal = never) => {
    const release = await budget.take(pixels, signal);
    started.push(name);
    return release;
  };
  return { started, take };
}

test('images start in their order, no more at once than there are workers', async () => {
  const { started, take } = queue(new PixelBudget(2, 100));

  const turns = ['a', 'b', 'c'].map((name) => take(name, 10));
  const release = await turns[0];
  await turns[1];

  assert.deepEqual(started, ['a', 'b']);
  release?.();
  await turns[2];
  assert.deepEqual(started, ['a', 'b', 'c']);
});

test('huge ones start one by one, and one alone may be larger than all that is allowed', async () => {
  const { started, take } = queue(new PixelBudget(4, 100));

  const huge = take('huge', 500);
  const small = take('small', 1);
  const release = await huge;

  assert.deepEqual(started, ['huge']);
  release();
  await small;
  assert.deepEqual(started, ['huge', 'small']);
});

test('who does not want to wait any more leaves at once, and makes room for those behind', async () => {
  const budget = new PixelBudget(4, 100);
  const { started, take } = queue(budget);
  const abort = new AbortController();
  const first = await take('first', 60);
  const huge = take('huge', 90, abort.signal);
  const small = take('small', 30);

  abort.abort(new Error('enough'));

  await assert.rejects(huge, /enough/);
  const release = await small;
  assert.deepEqual(started, ['first', 'small']);
  first();
  release();
  assert.equal(budget.isIdle, true);
  await assert.rejects(budget.take(1, abort.signal), /enough/);
});

test('workers leave a processor to the page, and phones with little memory get one', () => {
  const counts = [1, 2, 3, 4, 5, 16].map((hardwareConcurrency) => countWorkers({ hardwareConcurrency }));

  assert.deepEqual(counts, [1, 2, 2, 3, 4, 4]);
  assert.equal(countWorkers({ hardwareConcurrency: 8, deviceMemory: 4 }), 1);
  assert.equal(countWorkers({}), 1);
});
