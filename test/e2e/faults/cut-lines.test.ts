// Lines that are cut again and again: by a network that never lets so much through, and by one that is only bad for a while.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertSame, fileOf, IN_PARTS, openStage, PART_BYTES, upload } from '../../support/fault-run.js';

it('parts that no attempt gets through are planned anew, as small as they may be', async (t) => {
  const stage = await openStage(t, { site: IN_PARTS });
  // What a limit of time comes to: no part of 10 MiB gets through, but one of 5 does.
  stage.storage.rules.add({ method: 'PUT', minBodyBytes: 8e6, action: { resetAfterBytes: 8e6 } });
  const file = fileOf(12_000_000);

  const run = await upload(t, stage, {
    files: [file],
    options: { concurrency: 1 },
    haste: 20,
    partBytes: 2 * PART_BYTES,
  });

  await assertSame(run, { twiceBytes: 4 * 8e6 + file.size });
  const parts = stage.storage.log.select({ method: 'PUT', outcome: 'answered' });
  assert.deepEqual(
    parts.slice(-3).map(({ requestBytes }) => requestBytes),
    [PART_BYTES, PART_BYTES, file.size - 2 * PART_BYTES],
  );
});

it('a line that breaks ten times in a row loses no part that got through before', async (t) => {
  const stage = await openStage(t, { site: IN_PARTS });
  stage.storage.rules.add({ method: 'PUT', times: 1, action: {} });
  stage.storage.rules.add({ method: 'PUT', times: 10, action: { resetAfterBytes: 100_000 } });

  const run = await upload(t, stage, {
    files: [fileOf(4 * PART_BYTES)],
    options: { concurrency: 1 },
    partBytes: 6 * 2 ** 20,
  });

  await assertSame(run);
  assert.equal(stage.storage.log.select({ method: 'PUT', partNumber: 1 }).length, 1);
});

it('a line that breaks in forty requests, from the first on, ends no file', async (t) => {
  const stage = await openStage(t, { site: IN_PARTS });
  stage.storage.rules.add({ method: 'PUT', times: 40, action: { resetAfterBytes: 100_000 } });

  await assertSame(await upload(t, stage, { files: [fileOf(4 * PART_BYTES)], partBytes: 6 * 2 ** 20 }));
});
