// Work that comes in crowds leaves the page its turns.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTurns, nextTask } from '../../../widget/engine/next-task.js';

const CROWD = Array.from({ length: 12 }, (_, index) => index);

it('a crowd goes on in order, and the page has its turns between', async () => {
  const inTurn = createTurns();
  const order: number[] = [];
  const page = { isOver: false, turns: 0 };
  const turning = turn(page);

  await Promise.all(
    CROWD.map(async (index) => {
      await inTurn();
      order.push(index);
      work(4);
    }),
  );
  page.isOver = true;
  await turning;

  assert.deepEqual(order, CROWD);
  assert.ok(page.turns >= 4, `${page.turns} turns`);
});

async function turn(page: { isOver: boolean; turns: number }): Promise<void> {
  while (!page.isOver) {
    await nextTask();
    page.turns += 1;
  }
}

function work(milliseconds: number): void {
  const endsAtMs = performance.now() + milliseconds;
  while (performance.now() < endsAtMs);
}
