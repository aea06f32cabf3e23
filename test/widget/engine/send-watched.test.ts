// Connections that hang: half a minute without a byte ends an attempt, unless nobody can see bytes or storage is thinking.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendWatched } from '../../../widget/engine/run/send-watched.js';
import { settle, VirtualTime } from './virtual-time.js';

const REQUEST = { method: 'PUT', url: 'https://bucket.test/k', headers: {}, expiresInSeconds: 900 } as const;

/** A body, of ten bytes unless told otherwise, that goes out as the test says. */
function begin({ isBlind = false, body = new Blob(['0123456789']) } = {}) {
  const time = new VirtualTime();
  const page = { isHidden: false };
  const controller = new AbortController();
  const seen: number[] = [];
  const ways: { progress: (bytes: number) => void; finish: () => void }[] = [];
  const send = Object.assign(
    (_: unknown, __: Blob, options: { signal: AbortSignal; onProgress: (bytes: number) => void }) =>
      new Promise<void>((resolve, reject) => {
        ways.push({ progress: options.onProgress, finish: resolve });
        options.signal.addEventListener('abort', () => reject(options.signal.reason as Error));
      }),
    { isBlind },
  );
  let outcome: unknown = 'sending';
  sendWatched(REQUEST, body, {
    send,
    sleep: (delayMs, signal) => time.sleep(delayMs, signal),
    host: { isHidden: () => page.isHidden, onWake: () => () => undefined },
    signal: controller.signal,
    onProgress: (bytes) => seen.push(bytes),
  }).then(
    () => (outcome = 'sent'),
    (error: unknown) => (outcome = error instanceof Error ? error.message : error),
  );
  return {
    time,
    page,
    controller,
    seen,
    progress: (bytes: number) => ways[0]?.progress(bytes),
    finish: () => ways[0]?.finish(),
    outcome: () => outcome,
  };
}

const STALLED = 'Nothing moved for too long.';

test('an attempt ends after half a minute without a byte', async () => {
  const { time, outcome } = begin();

  await time.advance(28_000);
  assert.equal(outcome(), 'sending');
  await time.advance(4000);

  assert.equal(outcome(), STALLED);
});

test('it goes on as long as bytes move, however slowly', async () => {
  const { time, outcome, progress, seen } = begin();

  for (let bytes = 1; bytes <= 9; bytes += 1) {
    progress(bytes);
    await time.advance(26_000);
  }
  assert.equal(outcome(), 'sending');
  await time.advance(32_000);

  assert.deepEqual([outcome(), seen], [STALLED, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
});

test('storage may think for two minutes once it has everything', async () => {
  const { time, outcome, progress } = begin();
  progress(10);

  await time.advance(118_000);
  assert.equal(outcome(), 'sending');
  await time.advance(8000);

  assert.equal(outcome(), STALLED);
});

test('where nobody tells of progress, the attempt has two minutes', async () => {
  const { time, outcome } = begin({ isBlind: true });

  await time.advance(118_000);
  assert.equal(outcome(), 'sending');
  await time.advance(8000);

  assert.equal(outcome(), STALLED);
});

test('where nobody tells of progress, a large body has the time that a slow line takes', async () => {
  const { time, outcome, finish } = begin({ isBlind: true, body: new Blob([new Uint8Array(4 * 2 ** 20)]) });

  await time.advance(240_000);
  assert.equal(outcome(), 'sending');
  finish();
  await settle();
  assert.equal(outcome(), 'sent');

  const hanging = begin({ isBlind: true, body: new Blob([new Uint8Array(4 * 2 ** 20)]) });
  await hanging.time.advance(260_000);
  assert.equal(hanging.outcome(), STALLED);
});

test('a hidden page judges nothing, and one that is shown again has half a minute', async () => {
  const { time, outcome, page } = begin();
  page.isHidden = true;

  await time.advance(3_600_000);
  page.isHidden = false;
  await time.advance(26_000);
  assert.equal(outcome(), 'sending');
  await time.advance(6000);

  assert.equal(outcome(), STALLED);
});

test('eight hours of sleep are one tick, and no stall', async () => {
  const { time, outcome, finish } = begin();
  await time.advance(10_000);

  time.skip(8 * 3_600_000);
  await time.advance(2000);
  assert.equal(outcome(), 'sending');
  finish();
  await settle();

  assert.equal(outcome(), 'sent');
});

test("the user's wish ends it with its own reason, and nothing watches on", async () => {
  const { time, outcome, controller } = begin();

  controller.abort('enough');
  await time.advance(60_000);

  assert.equal(outcome(), 'enough');
});
