// How long an upload is tried: a quarter of an hour without progress, in which sleep and lost networks do not count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Patience } from '../../../widget/engine/run/patience.js';
import { UploadError } from '../../../widget/engine/upload-error.js';
import type { UploadEvent } from '../../../widget/engine/upload-state.js';
import { withOnline } from './fake-world.js';
import { settle, VirtualTime } from './virtual-time.js';

const BUDGET_MS = 15 * 60_000;
const PASSING = { retryable: true, persistence: 'long' } as const;

function busy(retryAfterSeconds?: number): UploadError {
  return new UploadError('storage-unavailable', 'busy', { ...PASSING, retryAfterSeconds });
}

/** A patience in a world of its own, and what it says. */
function createPatience() {
  const time = new VirtualTime();
  time.holdsPauses = true;
  const controller = new AbortController();
  const events: UploadEvent[] = [];
  const wakers = new Set<() => void>();
  const world = { isReachable: false };
  const patience = new Patience({
    now: () => time.nowMs,
    sleep: (delayMs, signal) => time.sleep(delayMs, signal),
    random: () => 0.5,
    signal: controller.signal,
    report: (event) => events.push(event),
    isReachable: async () => world.isReachable,
    host: {
      isHidden: () => false,
      onWake: (listener) => {
        wakers.add(listener);
        return () => wakers.delete(listener);
      },
    },
  });
  const wake = () => wakers.forEach((waker) => waker());
  return { patience, time, events, controller, wakers, wake, world };
}

/** How a promise ended, if it has. */
function watch(work: Promise<unknown>): { readonly outcome: () => unknown } {
  let outcome: unknown = 'pending';
  work.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  return { outcome: () => outcome };
}

test('what may pass is tried again, in growing pauses, and each wait is told', async () => {
  const { patience, time, events } = createPatience();
  let tries = 0;
  const done = watch(
    patience.keepTrying(async () => {
      tries += 1;
      if (tries < 4) throw busy();
      return 'done';
    }),
  );

  await time.advance(60_000);

  assert.equal(done.outcome(), 'done');
  assert.deepEqual(time.pauses, [750, 1250, 2250]);
  const told = events.map((event) => (event.type === 'wait' ? event.attempt : event.type));
  assert.deepEqual(told, [1, 'go-on', 2, 'go-on', 3, 'go-on']);
});

test('what passes at once is tried again without a word, once before each pause', async () => {
  const { patience, time, events } = createPatience();
  let tries = 0;
  const done = watch(
    patience.keepTrying(async () => {
      tries += 1;
      if (tries === 3) patience.moved();
      if (tries < 5) throw new UploadError('storage-error', 'expired', { ...PASSING, passesAtOnce: true });
      return 'done';
    }),
  );

  await time.advance(60_000);

  assert.equal(done.outcome(), 'done');
  assert.equal(time.pauses.length, 2);
  assert.equal(events.filter(({ type }) => type === 'wait').length, 2);
});

test('what cannot pass is thrown at once, and what hardly can after three tries', async () => {
  const { patience, time } = createPatience();
  const final = new UploadError('storage-error', 'no', { retryable: false });
  const brief = new UploadError('blocked-by-network', 'no', { retryable: true, persistence: 'brief' });
  let tries = 0;

  await assert.rejects(
    patience.keepTrying(() => Promise.reject(final)),
    final,
  );
  const done = watch(patience.keepTrying(() => ((tries += 1), Promise.reject(brief))));
  await time.advance(60_000);

  assert.deepEqual([done.outcome(), tries], [brief, 3]);
});

test('without progress it ends after a quarter of an hour; each move begins it anew', async () => {
  const { patience, time } = createPatience();
  const error = busy();
  const done = watch(patience.keepTrying(() => Promise.reject(error)));

  await time.advance(BUDGET_MS - 1000);
  assert.equal(done.outcome(), 'pending');
  patience.moved();
  await time.advance(BUDGET_MS - 1000);
  assert.equal(done.outcome(), 'pending');
  await time.advance(60_000);

  assert.equal(done.outcome(), error);
});

test('a pause is no shorter than was asked for, and a page that wakes up does not cut it', async () => {
  const { patience, time, wake } = createPatience();
  let tries = 0;
  watch(patience.keepTrying(() => ((tries += 1), Promise.reject(busy(60)))));

  await time.advance(1000);
  wake();
  await time.advance(59_000);
  assert.equal(tries, 1);
  await time.advance(6000);

  assert.equal(tries, 2);
});

test('a page that wakes up tries at once', async () => {
  const { patience, time, wake, wakers } = createPatience();
  let tries = 0;
  const done = watch(patience.keepTrying(async () => ((tries += 1) < 2 ? Promise.reject(busy()) : 'done')));
  await settle();

  wake();
  await settle();

  assert.deepEqual([done.outcome(), time.nowMs, wakers.size], ['done', 0, 0]);
});

test('eight hours of sleep in a pause cost nothing', async () => {
  const { patience, time } = createPatience();
  const done = watch(patience.keepTrying(() => Promise.reject(busy())));
  await time.advance(BUDGET_MS - 60_000);

  time.skip(8 * 3_600_000);
  await time.advance(30_000);

  assert.equal(done.outcome(), 'pending');
});

test('hours without a network cost nothing, and a probe finds one that the browser does not know of', async () => {
  using _ = withOnline(false);
  const { patience, time, events, world } = createPatience();
  let tries = 0;
  const done = watch(patience.keepTrying(async () => ((tries += 1) < 2 ? Promise.reject(busy()) : 'done')));

  await time.advance(3 * 3_600_000);
  assert.deepEqual([done.outcome(), tries], ['pending', 1]);
  assert.equal(events[0]?.type === 'wait' && events[0].reason, 'offline');
  world.isReachable = true;
  await time.advance(15_000);

  assert.equal(done.outcome(), 'done');
});

test('of parts at once, one that waits is told only when none of them works', async () => {
  const { patience, time, events } = createPatience();
  const fails: ((error: Error) => void)[] = [];
  let tries = 0;
  watch(
    patience.keepTrying(() => {
      tries += 1;
      return tries > 1 ? Promise.resolve() : new Promise((_, reject) => fails.push(reject));
    }),
  );
  let isWell = false;
  watch(patience.keepTrying(async () => (isWell ? undefined : Promise.reject(busy(60)))));
  await settle();
  assert.equal(events.length, 0);

  fails[0]?.(busy(20));
  await settle();
  assert.deepEqual(
    events.map(({ type }) => type),
    ['wait'],
  );
  isWell = true;
  await time.advance(90_000);

  assert.equal(events.at(-1)?.type, 'go-on');
});

test('nothing is tried once it is stopped, and a pause ends with the signal of whoever waits', async () => {
  const { patience, controller } = createPatience();
  const own = new AbortController();
  const waiting = watch(patience.keepTrying(() => Promise.reject(busy(60)), own.signal));
  await settle();

  own.abort('enough');
  await settle();
  assert.equal(waiting.outcome(), 'enough');
  controller.abort('stopped');
  let tries = 0;

  await assert.rejects(
    patience.keepTrying(async () => (tries += 1)),
    (reason) => reason === 'stopped',
  );
  assert.equal(tries, 0);
});
