// The fault stage: an engine gets through it, a killed signer comes back, and the oracle sees what is wrong.
import {
  CreateMultipartUploadCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { sourceOf, type SourceFile } from './bucket-oracle.js';
import { openFaultStage, type FaultStage, type FaultStageOptions } from './fault-stage.js';

describe('openFaultStage', () => {
  it('lets the headless engine upload, and logs both roads', async (t) => {
    const stage = await open(t);
    const file = new File([randomBytes(200_000)], 'photo.bin');

    const { succeeded } = await upload(stage, file);

    assert.equal(succeeded, 1);
    await stage.verify([await sourceOf(file)]);
    assert.equal(stage.storage.log.bytesSentTwice(file.size), 0);
    assert.ok(stage.storage.log.select({ from: 'signer' }).length > 0);
    assert.ok(stage.signer.log.select({ from: 'browser', method: 'POST', status: 201 }).length > 0);
  });

  it('tells the engine what a page would learn of a refusal', async (t) => {
    const stage = await open(t);
    const body = '<Error><Code>AccessDenied</Code></Error>';
    stage.storage.rules.add({ method: 'PUT', action: { status: 400, body } });

    const { codes } = await upload(stage, new File(['text'], 'a.txt'));

    assert.deepEqual(codes, ['storage-error']);
  });

  it('kills the signer and starts it again behind the same address', async (t) => {
    const stage = await open(t, { signer: 'process' });
    const ask = () => stage.network.fetch(`${stage.signer.url}/v1/sites/${stage.siteKey}`);
    assert.equal((await ask()).status, 200);

    await stage.killSigner();
    await assert.rejects(ask());
    await stage.startSigner();

    assert.equal((await ask()).status, 200);
  });

  it('finds what is lost, doubled, corrupt or left open', async (t) => {
    const stage = await open(t);
    const [kept, twice, lost] = ['kept', 'twice', 'lost'].map((text) => new Blob([text]));
    const sources = await Promise.all([kept, twice, lost].map((blob) => sourceOf(blob ?? new Blob())));
    await store(stage, {
      a: 'kept',
      b: 'twice',
      c: 'twice',
      d: 'of nobody',
      '.b2-uploader/own': 'no upload',
    });
    const { settings, client } = stage.bucket;
    await client.send(new CreateMultipartUploadCommand({ Bucket: settings.bucket, Key: 'open' }));

    const findings = await stage.inspect(sources);

    const expected = {
      objects: 4,
      objectBytes: 23,
      lost: 1,
      doubled: 1,
      corrupt: 1,
      openUploads: 1,
      rewritten: 0,
    };
    assert.deepEqual(findings, expected);
    await assert.rejects(stage.verify(sources), { name: 'AssertionError' });
  });

  it('finds a key that was written more than once', async (t) => {
    const stage = await open(t);
    const { settings, client } = stage.bucket;
    const versioned = { Bucket: settings.bucket, VersioningConfiguration: { Status: 'Enabled' as const } };
    await client.send(new PutBucketVersioningCommand(versioned));
    await store(stage, { a: 'first' });
    await store(stage, { a: 'second' });
    const sources: readonly SourceFile[] = [await sourceOf(new Blob(['second']))];

    const { rewritten, lost, corrupt } = await stage.inspect(sources);

    assert.deepEqual({ rewritten, lost, corrupt }, { rewritten: 1, lost: 0, corrupt: 0 });
  });
});

async function open(t: TestContext, options?: FaultStageOptions): Promise<FaultStage> {
  const stage = await openFaultStage(options);
  t.after(() => stage.close());
  return stage;
}

/** Uploads one file and tells how it ended. */
async function upload(stage: FaultStage, file: File) {
  const uploader = stage.createUploader();
  const idle = once(uploader, 'idle');
  uploader.add([{ file }]);
  await idle;
  const codes = uploader.files.flatMap(({ error }) => error?.code ?? []);
  return { succeeded: uploader.files.filter(({ status }) => status === 'complete').length, codes };
}

async function store({ bucket }: FaultStage, objects: Readonly<Record<string, string>>): Promise<void> {
  for (const [Key, Body] of Object.entries(objects)) {
    await bucket.client.send(new PutObjectCommand({ Bucket: bucket.settings.bucket, Key, Body }));
  }
}
