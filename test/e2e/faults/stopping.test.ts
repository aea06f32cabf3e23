// A signer that is told to end, or stands still, while it has much to do: nobody is turned away without a word.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertSame, eventually, fileInParts, fileOf, openStage, startRun } from '../../support/fault-run.js';
import type { FaultStage } from '../../support/fault-stage.js';

const CALLERS = 8;
const ORIGIN = 'http://localhost:1';

it('a signer that ends under load answers what it began, and tells all others to come again', async (t) => {
  const stage = await openStage(t, { signer: 'process' });
  const held = stage.storage.rules.add({ method: 'HEAD', times: 1, action: { stallAfterBytes: 0 } });
  const run = startRun(t, { stage, sources: [fileOf(1000)] });
  await eventually(async () => assert.equal(held.hits, 1));
  const callers = Array.from({ length: CALLERS }, () => callUntilRefused(stage));
  const answered = { method: 'POST', path: '/v1/uploads', status: 201 } as const;
  await eventually(async () => assert.ok(stage.signer.log.select(answered).length > 10 * CALLERS));

  const ended = stage.endSigner();
  const calls = await Promise.all(callers);
  const [ready, alive] = await Promise.all(['readyz', 'healthz'].map((path) => ask(stage, `/${path}`)));
  stage.storage.release();
  await run.finish();

  assert.equal(await ended, 0);
  for (const { served, refusal } of calls) {
    assert.ok(
      served.every((status) => status === 201),
      `answers were ${served.join(', ')}`,
    );
    const { 'retry-after': retryAfter, 'access-control-allow-origin': allowed } = refusal.headers;
    assert.deepEqual([refusal.status, refusal.body['code']], [503, 'shutting-down']);
    assert.deepEqual([retryAfter, allowed], ['3', ORIGIN]);
  }
  assert.deepEqual([ready?.status, ready?.body], [503, { status: 'unready', reasons: ['shutting-down'] }]);
  assert.equal(alive?.status, 200);
  await assertSame(run, { twiceBytes: 0 });
});

it('a signer that is ended and started again while files are sent loses none', async (t) => {
  const stage = await openStage(t, { signer: 'process' });
  const sources = [fileInParts(), ...Array.from({ length: 20 }, (_, index) => fileOf(30_000 + index))];
  const run = startRun(t, { stage, sources }, { options: { concurrency: 2 } });
  await eventually(async () =>
    assert.ok(stage.storage.log.select({ method: 'PUT', status: 200 }).length > 3),
  );

  assert.equal(await stage.endSigner(), 0);
  await stage.startSigner();
  await run.finish();

  await assertSame(run);
});

it('a signer that stands still for two seconds refuses nothing that came meanwhile', async (t) => {
  const stage = await openStage(t, { signer: 'process' });
  const sources = [fileInParts(), ...Array.from({ length: 20 }, (_, index) => fileOf(30_000 + index))];
  const run = startRun(t, { stage, sources });
  await eventually(async () =>
    assert.ok(stage.storage.log.select({ method: 'PUT', status: 200 }).length > 3),
  );

  const frozen = stage.freezeSigner(2000);
  const waiting = Array.from({ length: 50 }, () => ask(stage, '/v1/uploads', plan(stage)));
  await frozen;
  const answers = await Promise.all(waiting);
  await run.finish();

  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  assert.deepEqual(
    stage.signer.log.entries.filter(({ status = 200 }) => status >= 400),
    [],
  );
  await assertSame(run, { twiceBytes: 0 });
});

/** Calls again and again on kept connections, as a busy page behind a balancer does. */
async function callUntilRefused(stage: FaultStage) {
  const served: number[] = [];
  for (;;) {
    const answer = await ask(stage, '/v1/uploads', plan(stage));
    if (answer.status === 503) return { served, refusal: answer };
    served.push(answer.status);
  }
}

function plan({ siteKey }: FaultStage): object {
  return { siteKey, files: [{ name: 'a.bin', size: 1000, type: 'application/octet-stream' }] };
}

async function ask({ signer }: FaultStage, path: string, body?: object) {
  const headers = { origin: ORIGIN, 'content-type': 'application/json' };
  const posting = body && { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(signer.url + path, { headers, ...posting });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: (await answer.json()) as Readonly<Record<string, unknown>>,
  };
}
