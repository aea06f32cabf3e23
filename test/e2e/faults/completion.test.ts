// Putting parts together: stores answer late, wrongly, twice or never, and the file is there once, whole, or not at all.
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Sleep } from '../../../server/context.js';
import { sourceOf } from '../../support/bucket-oracle.js';
import { createMemoryStore } from '../../../widget/engine/resume/memory-store.js';
import type { FaultAction, FaultRule } from '../../support/fault-proxy.js';
import {
  assertSame,
  bodyOf,
  codesOf,
  eventually,
  fileInParts,
  fileOf,
  IN_PARTS,
  openStage,
  pathOf,
  startRun,
  upload,
} from '../../support/fault-run.js';
import type { FaultStage } from '../../support/fault-stage.js';
import { createQuickTime } from '../../support/quick-time.js';

const HASTE = 50;
const PASSING_ERROR = '<Error><Code>InternalError</Code><Message>Try again.</Message></Error>';
const LAST_PART = /<Part>(?:(?!<Part>)[\s\S])*?<\/Part>(?=(?:(?!<Part>)[\s\S])*$)/;

/** The signer's own requests for an upload in parts. */
const COMPLETE = { from: 'signer', method: 'POST', path: /uploadId=/ } as const;
const LIST = { from: 'signer', method: 'GET', path: /uploadId=/ } as const;

const PASSING: readonly (readonly [title: string, rule: FaultRule])[] = [
  [
    'a list of parts that is behind the times, twice',
    { ...LIST, times: 2, action: { rewriteResponse: (xml) => xml.replace(LAST_PART, '') } },
  ],
  ['an error in an answer of 200', { ...COMPLETE, times: 1, action: { status: 200, body: PASSING_ERROR } }],
  [
    'an error behind blanks in an answer of 200',
    { ...COMPLETE, times: 4, action: { status: 200, body: `\n    \n${PASSING_ERROR}\n` } },
  ],
  [
    'an answer that takes minutes',
    { ...COMPLETE, action: { drip: { everyMs: 200, totalMs: 180_000 / HASTE } } },
  ],
  ['an answer that is lost', { ...COMPLETE, times: 1, action: { swallow: true } }],
  ['answers that are lost again and again', { ...COMPLETE, times: 5, action: { swallow: true } }],
  ['a request that arrives twice', { ...COMPLETE, action: { duplicate: true } }],
  ['a 503 of the bucket to the signer, ten times', { from: 'signer', times: 10, action: { status: 503 } }],
  ['a bucket that hangs up on the signer, ten times', { from: 'signer', times: 10, action: { down: true } }],
];

describe('putting parts together', () => {
  for (const [title, rule] of PASSING) {
    it(`gets over ${title}`, async (t) => {
      const stage = await openQuickStage(t);
      stage.storage.rules.add(rule);

      await assertSame(await upload(t, stage, { haste: HASTE }), { twiceBytes: 0 });
    });
  }

  it('starts the file again when storage has lost its parts, once, and says so', async (t) => {
    const stage = await openQuickStage(t);
    const isLast = { method: 'PUT', partNumber: 3, times: 1 } as const;
    stage.storage.rules.add({ ...isLast, action: { stallAfterBytes: 100_000 } });
    const file = fileInParts();
    const run = startRun(t, { stage, sources: [file] }, { haste: HASTE });
    await eventually(async () =>
      assert.equal(stage.storage.log.select({ method: 'PUT', status: 200 }).length, 2),
    );

    await abortBehindItsBack(stage);
    stage.storage.release();
    const [snapshot] = await run.finish();

    assert.equal(snapshot?.notice, 'upload-gone');
    await stage.verify([await sourceOf(file)]);
    assert.ok(stage.storage.log.bytesSentTwice(file.size) <= file.size);
  });

  for (const [status, name] of [
    [403, 'AccessDenied'],
    [403, 'QuotaExceeded'],
    [507, 'InsufficientStorage'],
  ] as const) {
    it(`a bucket that takes no more, as ${status} ${name}, ends the file at once`, async (t) => {
      const stage = await openQuickStage(t);
      const action: FaultAction = { status, body: `<Error><Code>${name}</Code></Error>` };
      stage.storage.rules.add({ from: 'signer', action });
      stage.storage.rules.add({ method: 'PUT', action });

      const run = await upload(t, stage, { files: [fileInParts(), fileOf(1000)], haste: HASTE });

      assert.deepEqual(codesOf(run), ['storage-error', 'storage-error']);
      assert.ok(stage.storage.log.entries.length <= 10);
    });
  }

  it('signs nothing into addresses but what is sent', async (t) => {
    const stage = await openQuickStage(t);
    const urls: URL[] = [];
    const send: typeof stage.network.send = (request, ...rest) => {
      urls.push(new URL(request.url));
      return stage.network.send(request, ...rest);
    };

    await upload(t, stage, { files: [fileInParts(), fileOf(1000)], ports: { send } });

    const names = new Set(urls.flatMap(({ searchParams }) => [...searchParams.keys()]));
    assert.equal(urls.length, 4);
    assert.deepEqual(
      [...names].filter((name) => /checksum|sdk/i.test(name)),
      [],
    );
  });
});

it('a file that is paused while it is put together, and chosen again after a reload, is stored once', async (t) => {
  const stage = await openQuickStage(t);
  const resumeStore = createMemoryStore();
  const path = '/v1/uploads/complete';
  stage.signer.rules.add({ path: /complete/, times: 1, action: { delayResponseMs: 300 } });
  const file = fileInParts();
  const before = startRun(t, { stage, sources: [file] }, { ports: { resumeStore } });
  await eventually(async () => assert.equal(stage.signer.log.select({ path }).length, 1));

  before.uploader.pause();
  await eventually(async () =>
    assert.equal(stage.signer.log.select({ path, outcome: 'answered' }).length, 1),
  );

  await assertSame(await upload(t, stage, { files: [file], ports: { resumeStore } }), { twiceBytes: 0 });
});

describe('completing while aborting', () => {
  for (const delayMs of [0, 5, 20, 60]) {
    it(`${delayMs} ms apart: one wins, and both say what the bucket says`, async (t) => {
      const stage = await openQuickStage(t);
      stage.storage.rules.add({ ...COMPLETE, action: { delayMs: 20 } });
      const { ticket, file } = await sendParts(t, stage);

      const [completed, aborted] = await Promise.all([
        post(stage, 'complete', ticket),
        new Promise((resolve) => setTimeout(resolve, delayMs)).then(() => post(stage, 'abort', ticket)),
      ]);

      const isStored = completed.status === 200;
      assert.equal(aborted.code, isStored ? 'conflict' : undefined);
      assert.equal(completed.code, isStored ? undefined : 'upload-gone');
      await stage.verify(isStored ? [await sourceOf(file)] : []);
    });
  }
});

/** A signer whose pauses and deadlines are short, too. */
function openQuickStage(t: TestContext): Promise<FaultStage> {
  const quick = createQuickTime(HASTE);
  const sleep: Sleep = (ms, signal) => quick.sleep(ms, signal).catch(() => undefined);
  return openStage(t, { site: IN_PARTS, signerOptions: { sleep } });
}

/** As a lifecycle rule of the bucket does. */
async function abortBehindItsBack({ bucket }: FaultStage): Promise<void> {
  const Bucket = bucket.settings.bucket;
  const { Uploads = [] } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads)
    await bucket.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}

/** Sends a file's parts and stops before they are put together. */
async function sendParts(t: TestContext, stage: FaultStage) {
  let ticket = '';
  const file = fileInParts();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (!pathOf(input).endsWith('/complete')) return stage.network.fetch(input, init);
    [ticket = ''] = (bodyOf(init) as { tickets: readonly string[] }).tickets;
    run.uploader.pause();
    throw new TypeError('Not yet.');
  };
  const run = startRun(t, { stage, sources: [file] }, { ports: { fetch } });
  await eventually(async () => assert.notEqual(ticket, ''));
  return { ticket, file };
}

async function post({ network, signer }: FaultStage, action: string, ticket: string) {
  const answer = await network.fetch(`${signer.url}/v1/uploads/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tickets: [ticket] }),
  });
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, code };
}
