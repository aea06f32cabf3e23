// Quick time: sleeping and clock agree, and a sleep can be ended.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createQuickTime } from './quick-time.js';

describe('createQuickTime', () => {
  it('lets half an hour pass in the time of a breath, on its clock too', async () => {
    const { now, sleep } = createQuickTime(20_000);
    const startedAtMs = now();
    const trulyStartedAtMs = performance.now();

    await sleep(30 * 60_000, new AbortController().signal);

    assert.ok(now() - startedAtMs >= 29 * 60_000);
    assert.ok(performance.now() - trulyStartedAtMs < 10_000);
  });

  it('ends a sleep with the reason of its signal', async () => {
    const controller = new AbortController();
    const sleeping = createQuickTime(1).sleep(60_000, controller.signal);

    controller.abort(new Error('enough'));

    await assert.rejects(sleeping, { message: 'enough' });
  });
});
