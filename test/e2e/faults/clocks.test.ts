// Signers whose clock is wrong, from the start or in between: files arrive all the same, and operators are told.
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
  startRun,
  upload,
} from '../../support/fault-run.js';
import type { FaultStage } from '../../support/fault-stage.js';

const MINUTE_MS = 60_000;

describe('a signer whose clock is wrong', () => {
  for (const minutes of [-20, 20, 600]) {
    it(`by ${minutes} minutes signs by the clock of storage, and says that it is not in order`, async (t) => {
      const stage = await openStage(t, {
        signer: 'process',
        site: IN_PARTS,
        clockAheadMs: minutes * MINUTE_MS,
      });

      const run = await upload(t, stage, { files: [fileInParts(), fileOf(1000), fileOf(2000)] });

      await assertSame(run, { twiceBytes: 3000 });
      assert.deepEqual(await readiness(stage), [503, { status: 'unready', reasons: ['clock-skew'] }]);
    });
  }

  it('by two minutes is in order', async (t) => {
    const stage = await openStage(t, { signer: 'process', clockAheadMs: 2 * MINUTE_MS });

    await assertSame(await upload(t, stage, { files: [fileOf(1000)] }), { twiceBytes: 0 });

    assert.deepEqual(await readiness(stage), [200, { status: 'ready', reasons: [] }]);
  });

  for (const minutes of [-60, 60]) {
    it(`from one moment to the next, by ${minutes} minutes and back: files go on`, async (t) => {
      let aheadMs = 0;
      const now = () => new Date(Date.now() + aheadMs);
      const stage = await openStage(t, { site: IN_PARTS, signerOptions: { now } });
      const stored = () => stage.storage.log.select({ method: 'PUT', status: 200 }).length;
      const sources = [fileInParts(), ...Array.from({ length: 12 }, (_, index) => fileOf(30_000 + index))];
      const run = startRun(t, { stage, sources }, { options: { concurrency: 1 } });

      await eventually(async () => assert.ok(stored() >= 2));
      aheadMs = minutes * MINUTE_MS;
      await eventually(async () => assert.ok(stored() >= 7));
      aheadMs = 0;
      await run.finish();

      await assertSame(run, { twiceBytes: 4 * 30_012 });
      assert.deepEqual(await readiness(stage), [200, { status: 'ready', reasons: [] }]);
    });
  }
});

it('a storage that finds every clock wrong ends a file after two fresh signatures', async (t) => {
  const stage = await openStage(t);
  const body = '<Error><Code>RequestTimeTooSkewed</Code></Error>';
  stage.storage.rules.add({ method: 'PUT', action: { status: 403, body } });

  const run = await upload(t, stage, { files: [fileOf(1000)] });

  assert.deepEqual(codesOf(run), ['storage-error']);
  assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 3);
});

async function readiness({ signer }: FaultStage): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${signer.url}/readyz`);
  return [answer.status, await answer.json()];
}
