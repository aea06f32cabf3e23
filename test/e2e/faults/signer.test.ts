// A signer that dies, restarts, changes its mind, its secret or its clock while uploads run.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Limiter } from '../../../server/limits/limiter.js';
import { fixedRegistry } from '../../../server/sites/site.js';
import { createMemoryStore } from '../../../widget/engine/resume/memory-store.js';
import type { ResumeStore } from '../../../widget/engine/resume/resume-store.js';
import type { FaultAction, FaultRule } from '../../support/fault-proxy.js';
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
import { testSite } from '../../support/test-site.js';
import type { FaultStage } from '../../support/fault-stage.js';

const FIVE_MIB = 5 * 2 ** 20;
const OTHER_SITE = testSite({ origins: [{ kind: 'exact', origin: 'http://localhost:1' }] });
const HTML = '<html><title>502 Bad Gateway</title></html>';
const ROUTES = ['/v1/sites/', '/v1/uploads$', '/v1/uploads/sign', '/v1/uploads/complete'] as const;

describe('answers that the signer never gave', () => {
  const faults: readonly (readonly [title: string, action: FaultAction, orphans?: number])[] = [
    ['502 with HTML', { status: 502, body: HTML }],
    ['504 with HTML that CORS hides', { status: 504, body: HTML, cors: false }],
    ['200 with HTML', { status: 200, body: HTML }],
    ['half an answer', { rewriteResponse: (body) => body.slice(0, -1) }, 2],
    ['a line that breaks', { down: true }],
    ['an answer that is lost', { swallow: true }, 2],
  ];
  for (const [title, action, orphans = 0] of faults) {
    it(`${title}, on every route: nobody notices`, async (t) => {
      const stage = await openStage(t, { site: IN_PARTS });
      for (const path of ROUTES)
        stage.signer.rules.add({ from: 'browser', path: new RegExp(path), times: 2, action });

      await assertSame(await upload(t, stage, { files: [fileInParts(), fileOf(1000)] }), {
        twiceBytes: 0,
        orphans,
      });
    });
  }
});

it('a signer that is gone for a while, and then hides one answer, ends no file', async (t) => {
  const stage = await openStage(t);
  stage.signer.rules.add({ path: /complete/, times: 5, action: { down: true } });
  // The first is the page's own; then one follows each call that fails.
  stage.signer.rules.add({ path: /v1.sites/, nth: 6, action: { down: true } });

  await assertSame(await upload(t, stage, { files: [fileOf(1000)] }), { twiceBytes: 0 });
});

describe('a signer that is killed', () => {
  const steps: readonly (readonly [title: string, rule: FaultRule, road: 'signer' | 'storage'])[] = [
    ['while it signs', { path: /sign$/, times: 1, action: { delayMs: 60_000 } }, 'signer'],
    ['after it signed', { path: /sign$/, times: 1, action: { delayResponseMs: 60_000 } }, 'signer'],
    ['after it planned', { path: /uploads$/, times: 1, action: { delayResponseMs: 60_000 } }, 'signer'],
    [
      'between the completion and its answer',
      { from: 'signer', method: 'POST', path: /uploadId=/, times: 1, action: { delayResponseMs: 60_000 } },
      'storage',
    ],
  ];
  for (const [title, rule, road] of steps) {
    it(`${title}: the next one goes on`, async (t) => {
      const stage = await openStage(t, { signer: 'process', site: IN_PARTS });
      const handle = stage[road].rules.add({ ...rule, name: 'killed' });
      const run = startRun(t, { stage, sources: [fileInParts()] });
      await eventually(async () => assert.equal(handle.hits, 1));
      await waitForStatus(stage, road, rule);

      await stage.killSigner();
      stage.signer.resetAll();
      await stage.startSigner();
      await run.finish();

      // A plan whose answer nobody got is nobody's: a lifecycle rule of the bucket ends it.
      const orphans = title === 'after it planned' ? 1 : 0;
      await assertSame(run, { twiceBytes: 0, orphans });
    });
  }
});

describe('signers side by side', () => {
  it('two that answer in turn, sharing nothing but the secret, do as one does', async (t) => {
    const stage = await openStage(t, { site: IN_PARTS });
    stage.useSigners({}, {});
    stage.storage.rules.add({ method: 'PUT', probability: 0.2, action: { resetAfterBytes: 1000 } });
    stage.signer.rules.add({ path: /complete/, times: 2, action: { swallow: true } });

    await assertSame(await upload(t, stage, { files: [fileInParts(), fileOf(1000), fileOf(2000)] }));
  });

  it('a secret that is rotated: uploads of the old one go on', async (t) => {
    const { stage, run, goOn } = await stopInTheMiddle(t);

    stage.useSigners({ signerOptions: { secret: `${'a new secret'.repeat(4)},${OLD_SECRET}` } });
    await goOn();

    await assertSame(run);
  });

  it('a secret that is lost: what was begun starts again by itself', async (t) => {
    const { stage, run, goOn } = await stopInTheMiddle(t);

    stage.useSigners({ signerOptions: { secret: 'another secret'.repeat(4) } });
    await goOn();

    // Nobody can open the old ticket to end what it stood for.
    await assertSame(run, { twiceBytes: 3 * FIVE_MIB, orphans: 1 });
  });

  for (const [title, change, code] of [
    ['has no site any more', { signerOptions: { sites: fixedRegistry([]) } }, 'origin-not-allowed'],
    ['has another site only', { signerOptions: { sites: fixedRegistry([OTHER_SITE]) } }, 'unknown-site'],
    ['no longer lets the page in', { site: { origins: ['https://other.example'] } }, 'origin-not-allowed'],
    ['switches the site off', { site: { enabled: false } }, 'origin-not-allowed'],
  ] as const) {
    it(`a signer that ${title} while a file is on its way says so`, async (t) => {
      const { stage, run, goOn } = await stopInTheMiddle(t);

      stage.useSigners(change);
      await goOn();

      assert.deepEqual(codesOf(run), [code]);
    });
  }

  it('a clock that jumps by an hour and back: nothing that was begun is lost', async (t) => {
    let skewMs = 0;
    const now = () => new Date(Date.now() + skewMs);
    const { stage, run, resumeStore, goOn } = await stopInTheMiddle(t, { signerOptions: { now } });

    for (const hours of [1, -1]) {
      skewMs = hours * 3_600_000;
      assert.equal(await storedState(stage, resumeStore), 'partial');
    }
    skewMs = 0;
    await goOn();

    await assertSame(run);
    assert.equal(stage.storage.log.select({ method: 'PUT', partNumber: 1 }).length, 1);
  });
});

it('a limit of the site makes files wait as long as it says, and all arrive', async (t) => {
  const haste = 50;
  let calls = 0;
  const limits: Limiter = {
    take: async (allowances) => (allowances.length > 0 && (calls += 1) <= 3 ? 7 : undefined),
    giveBack: async () => undefined,
  };
  const stage = await openStage(t, { signerOptions: { limits }, site: { limits: { uploadsPerMinute: 1 } } });
  const files = Array.from({ length: 5 }, (_, index) => fileOf(1000 + index));

  const run = await upload(t, stage, { files, haste });

  await assertSame(run);
  assert.ok(run.notices.has('rate-limited'));
  const [first, second] = stage.signer.log.select({ method: 'POST', path: '/v1/uploads' });
  const waitedMs = ((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)) * haste;
  assert.ok(waitedMs >= 7000, `waited ${waitedMs} ms`);
});

const OLD_SECRET = 'a secret of the fault stage that is long enough';

/** A file whose first part is stored, paused. */
async function stopInTheMiddle(t: TestContext, options: Parameters<typeof openStage>[1] = {}) {
  const stage = await openStage(t, { ...options, site: IN_PARTS });
  const rest = stage.storage.rules.add({ method: 'PUT', nth: [2, 3], action: { stallAfterBytes: 1000 } });
  const resumeStore = createMemoryStore();
  const run = startRun(t, { stage, sources: [fileInParts()] }, { ports: { resumeStore } });
  await eventually(async () => assert.ok(rest.hits > 0));
  await eventually(async () =>
    assert.equal(stage.storage.log.select({ method: 'PUT', status: 200 }).length, 1),
  );
  run.uploader.pause();
  rest.remove();
  const goOn = async () => {
    run.uploader.resume();
    await eventually(async () => assert.equal(run.uploader.busy, false));
    return run.uploader.files;
  };
  return { stage, run, resumeStore, goOn };
}

/** What the signer says of the upload that the page remembers. */
async function storedState({ siteKey, signer, network }: FaultStage, store: ResumeStore) {
  const [record] = await store.list({ siteKey, signer: signer.url });
  const answer = await network.fetch(`${signer.url}/v1/uploads/status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tickets: [record?.ticket] }),
  });
  const { results } = (await answer.json()) as { readonly results: readonly { readonly state: string }[] };
  return results[0]?.state;
}

/** Waits until the far side did its work, where the rule holds its answer back. */
async function waitForStatus(stage: FaultStage, road: 'signer' | 'storage', { action }: FaultRule) {
  if (!('delayResponseMs' in action)) return;
  await eventually(async () => assert.ok(stage[road].log.select({ rule: 'killed' })[0]?.status));
}
