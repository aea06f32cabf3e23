// Lines to storage that break, hang, crawl or are down: what was lost is sent again, and only that.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assertSame,
  codesOf,
  eventually,
  fileInParts,
  fileOf,
  IN_PARTS,
  openStage,
  PART_BYTES,
  startRun,
  upload,
} from '../../support/fault-run.js';

describe('lines that break', () => {
  it('a reset in the middle of a part costs that part', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    const action = { resetAfterBytes: 0.3 * PART_BYTES };
    stage.storage.rules.add({ method: 'PUT', partNumber: 2, times: 1, action });

    await assertSame(await upload(t, stage));

    assert.equal(stage.storage.log.select({ method: 'PUT', partNumber: 1 }).length, 1);
    assert.equal(stage.storage.log.select({ method: 'PUT', partNumber: 2 }).length, 2);
  });

  it('a part whose answer was lost is found in storage and not sent again', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    stage.storage.rules.add({ method: 'PUT', partNumber: 2, times: 1, action: { swallow: true } });

    await assertSame(await upload(t, stage), { twiceBytes: 0 });
  });

  it('a small file whose answer was lost is found in storage and not sent again', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', times: 1, action: { swallow: true } });

    await assertSame(await upload(t, stage, { files: [fileOf(50_000)] }), { twiceBytes: 0 });
  });

  it('a file that is there already, as 412 tells, is a success', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', times: 1, action: { duplicate: true, swallow: true } });

    await assertSame(await upload(t, stage, { files: [fileOf(50_000)] }));
  });

  it('all connections lost at once, as when the network changes, costs what was on its way', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    stage.storage.rules.add({ method: 'PUT', times: 3, action: { stallAfterBytes: 1_000_000 } });
    const run = startRun(t, { stage, sources: [fileInParts()] });
    await eventually(async () => assert.ok(stage.storage.log.partsInFlightMax() >= 2));

    stage.storage.resetAll();
    stage.signer.resetAll();
    await run.finish();

    await assertSame(run);
  });

  it('parts that arrive in another order make the same file', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    for (const partNumber of [1, 3])
      stage.storage.rules.add({ method: 'PUT', partNumber, action: { delayMs: 300 / partNumber } });

    await assertSame(await upload(t, stage, { files: [fileOf(4 * PART_BYTES)] }), { twiceBytes: 0 });
  });
});

describe('lines that hang or crawl', () => {
  it('a line on which nothing moves is given up after half a minute', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', times: 1, action: { stallAfterBytes: 100_000 } });
    const startedAtMs = performance.now();

    const run = await upload(t, stage, { files: [fileOf(14_000_000)] });

    await assertSame(run);
    const [stalled] = stage.storage.log.select({ method: 'PUT' });
    await eventually(async () => assert.equal(stalled?.outcome, 'client-gone'));
    const untilGivenUpMs = (stalled?.endedAtMs ?? 0) - startedAtMs;
    assert.ok(untilGivenUpMs > 28_000 / 50, `given up after ${untilGivenUpMs} ms, fifty times as fast`);
  });

  it('storage that thinks for a minute with all bytes in hand is left to think', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', action: { delayResponseMs: 60_000 / 50 } });

    await assertSame(await upload(t, stage, { files: [fileOf(200_000)] }), { twiceBytes: 0 });

    assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 1);
  });

  it('a line that crawls for minutes is left to crawl', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', action: { throttleBytesPerSecond: 4_000_000 } });

    const run = await upload(t, stage, { files: [fileOf(14_000_000)], haste: 12 });

    await assertSame(run, { twiceBytes: 0 });

    assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 1);
  });

  it('signatures that expire while files wait for the line are made anew before they are used', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', action: { delayMs: 30 } });
    const files = Array.from({ length: 20 }, (_, index) => fileOf(1000 + index));

    const run = await upload(t, stage, { files, options: { concurrency: 1 }, haste: 4000 });

    await assertSame(run, { twiceBytes: 0 });
    assert.ok(stage.signer.log.select({ path: '/v1/uploads/sign' }).length > 1);
    assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 20);
  });
});

it('signatures that have expired unnoticed are made anew at once, and nobody hears of it', async (t) => {
  // As behind a device that slept: the page holds them for fresh, storage does not.
  const stage = await openStage(t, { signerOptions: { now: aQuarterAgo } });
  const files = Array.from({ length: 20 }, (_, index) => fileOf(1000 + index));

  const run = await upload(t, stage, { files });

  const refused = stage.storage.log.select({ method: 'PUT', status: 403 }).length;
  assert.ok(refused > 0);
  await assertSame(run, { twiceBytes: refused * 1020 });
  assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 20 + refused);
  assert.ok(stage.signer.log.select({ path: '/v1/uploads/sign' }).length <= refused);
  assert.deepEqual([...run.notices], []);
});

describe('storage that is down', () => {
  it('five minutes of silence: every file waits, and ends soon after', async (t) => {
    const haste = 200;
    const stage = await openStage(t, { site: IN_PARTS });
    stage.storage.setDown(true);
    setTimeout(() => stage.storage.setDown(false), 300_000 / haste);
    // A pause that takes a minute longer than planned is a device that slept; a busy machine must not look like one.
    const run = startRun(t, { stage, sources: [fileInParts(), fileOf(1000)] }, { haste });
    await run.finish();

    await assertSame(run);
    assert.ok(run.notices.has('storage-unavailable'));
  });

  it('a quarter of an hour of silence ends the patience, and a retry goes on where it was', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    stage.storage.rules.add({ method: 'PUT', partNumber: 3, times: 1, action: { delayMs: 10_000 } });
    const run = startRun(t, { stage, sources: [fileInParts()] }, { haste: 400 });
    await eventually(async () =>
      assert.equal(stage.storage.log.select({ method: 'PUT', status: 200 }).length, 2),
    );
    stage.storage.setDown(true);
    await run.finish();
    const codes = codesOf(run);

    stage.storage.setDown(false);
    run.uploader.retry();
    await eventually(async () => assert.equal(run.uploader.busy, false));

    assert.deepEqual(codes, ['storage-unavailable']);
    await assertSame(run);
    assert.equal(stage.storage.log.select({ method: 'PUT', partNumber: 1 }).length, 1);
  });
});

/** Longer ago than signatures last. */
function aQuarterAgo(): Date {
  return new Date(Date.now() - 16 * 60_000);
}
