// What storage, or somebody between, may answer to a PUT: what passes is waited for, what stays is told once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultAction } from '../../support/fault-proxy.js';
import {
  assertSame,
  codesOf,
  eventually,
  fileInParts,
  fileOf,
  IN_PARTS,
  openStage,
  upload,
} from '../../support/fault-run.js';

const error = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

const PASSING: readonly (readonly [title: string, action: FaultAction])[] = [
  ['503 "no tomes available" of B2', { status: 503, body: error('ServiceUnavailable') }],
  ['500 InternalError', { status: 500, body: error('InternalError') }],
  ['429 of a network on the way', { status: 429, body: 'slow down', headers: { 'retry-after': '2' } }],
  ['400 RequestTimeout', { status: 400, body: error('RequestTimeout') }],
  ['408 of a proxy', { status: 408, body: '<html>timed out</html>' }],
  ['403 of a signature that expired', { status: 403, body: error('AccessDenied') }],
  ['a byte that flips on its way', { corruptByte: 1000 }],
  ['a request that arrives twice', { duplicate: true }],
  ['an ETag that CORS hides', { hideHeaders: ['etag'] }],
  ['answers that CORS hides', { dropCors: true }],
  ['an ETag that is wrong', { corruptResponseHeader: { etag: '"0"' } }],
];

describe('answers of storage that pass', () => {
  for (const [title, action] of PASSING) {
    it(`a part gets over ${title}`, async (t) => {
      const stage = await openStage(t, { site: IN_PARTS });
      stage.storage.rules.add({ method: 'PUT', partNumber: 2, times: 2, action });

      await assertSame(await upload(t, stage));
    });

    it(`a small file gets over ${title}`, async (t) => {
      const stage = await openStage(t);
      stage.storage.rules.add({ method: 'PUT', times: 2, action });

      await assertSame(await upload(t, stage, { files: [fileOf(50_000)] }));
    });
  }

  it('a third of all PUTs answered with SlowDown: all arrive', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS, seed: 4 });
    const action = { status: 503, body: error('SlowDown'), headers: { 'retry-after': '1' } };
    stage.storage.rules.add({ method: 'PUT', probability: 0.3, action });
    const files = [fileInParts(), ...Array.from({ length: 20 }, (_, index) => fileOf(30_000 + index))];

    const run = await upload(t, stage, { files });

    await assertSame(run);
    assert.ok(stage.storage.log.select({ method: 'PUT', status: 503 }).length > 3);
  });

  it('"no tomes available" of B2 is tried again at once, on another connection', async (t) => {
    const stage = await openStage(t);
    const headers = { connection: 'close' };
    const action = { status: 503, body: error('ServiceUnavailable'), headers };
    stage.storage.rules.add({ method: 'PUT', times: 1, action });

    const run = await upload(t, stage, { files: [fileOf(50_000)] });

    await assertSame(run);
    const [refused, taken] = stage.storage.log.select({ method: 'PUT' });
    assert.notEqual(refused?.connection, taken?.connection);
    assert.deepEqual([...run.notices], []);
  });

  it('"no tomes available" for long is waited for in growing pauses', async (t) => {
    const stage = await openStage(t);
    const action = { status: 503, body: error('ServiceUnavailable') };
    stage.storage.rules.add({ method: 'PUT', times: 6, action });

    const run = await upload(t, stage, { files: [fileOf(50_000)] });

    await assertSame(run);
    assert.deepEqual([...run.notices], ['storage-unavailable']);
  });

  it('a Retry-After that the page may read is kept', async (t) => {
    const stage = await openStage(t);
    const headers = { 'retry-after': '20', 'access-control-expose-headers': 'Retry-After' };
    stage.storage.rules.add({ method: 'PUT', times: 1, action: { status: 503, headers } });

    const run = await upload(t, stage, { files: [fileOf(1000)], haste: 100 });

    await assertSame(run);
    const [refused, taken] = stage.storage.log.select({ method: 'PUT' });
    const pausedMs = (taken?.startedAtMs ?? 0) - (refused?.startedAtMs ?? 0);
    assert.ok(pausedMs >= 200, `${pausedMs} ms, a hundred times as fast`);
  });
});

describe('answers of storage that stay', () => {
  it('a 403 for ever stops after two fresh signatures, and says that storage refused', async (t) => {
    const stage = await openStage(t);
    stage.storage.rules.add({ method: 'PUT', action: { status: 403, body: error('AccessDenied') } });

    const run = await upload(t, stage, { files: [fileOf(1000)] });

    assert.deepEqual(codesOf(run), ['storage-error']);
    assert.ok(stage.storage.log.select({ method: 'PUT' }).length <= 5);
    await stage.verify([]);
  });

  it('a refused part stops its file, and leaves nothing when the file is removed', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    const action = { status: 403, body: error('AccessDenied') };
    stage.storage.rules.add({ method: 'PUT', partNumber: 2, action });

    const run = await upload(t, stage);
    const codes = codesOf(run);
    run.uploader.clear();

    assert.deepEqual(codes, ['storage-error']);
    await eventually(() => stage.verify([]));
  });

  for (const status of [403, 405]) {
    it(`a page of an office network in place of storage, as ${status}, blocks the file`, async (t) => {
      const stage = await openStage(t);
      const body = '<html><title>Blocked by your administrator</title></html>';
      stage.storage.rules.add({ method: 'PUT', action: { status, body } });

      const run = await upload(t, stage, { files: [fileOf(1000)] });

      assert.deepEqual(codesOf(run), ['blocked-by-network']);
      assert.ok(stage.storage.log.select({ method: 'PUT' }).length <= 5);
    });
  }
});
