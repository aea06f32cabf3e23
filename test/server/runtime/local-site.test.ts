// The local default: secrets made once and kept private, one bucket with CORS for pages on localhost.
import { GetBucketCorsCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Failure } from '../../../server/runtime/failure.js';
import { openLocalBucket, openLocalSite, type OpenBucket } from '../../../server/runtime/local-site.js';

const root = mkdtempSync(join(tmpdir(), 'b2-local-'));
after(() => rmSync(root, { recursive: true }));

function clientOf({ endpoint, region, keyId, applicationKey }: OpenBucket): S3Client {
  const credentials = { accessKeyId: keyId, secretAccessKey: applicationKey };
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials });
}

async function refused(folder: string, message: RegExp, exitCode: number): Promise<void> {
  await assert.rejects(openLocalBucket({ folder }), (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.match(error.message, message);
    assert.equal(error.exitCode, exitCode);
    return true;
  });
}

describe('the local bucket', () => {
  it('keeps its name and keys from one start to the next, for its owner only', async () => {
    const folder = join(root, 'twice/data');
    const first = await openLocalBucket({ folder });
    await first.close();
    const second = await openLocalBucket({ folder });

    assert.deepEqual(
      [second.bucket, second.keyId, second.applicationKey, second.signerSecret],
      [first.bucket, first.keyId, first.applicationKey, first.signerSecret],
    );
    assert.match(first.bucket, /^uploads-[0-9a-f]{12}$/);
    assert.ok(first.signerSecret.length >= 32);
    assert.equal(statSync(join(folder, 'local.json')).mode & 0o777, 0o600);
    const { Buckets } = await clientOf(second).send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map((bucket) => bucket.Name),
      [first.bucket],
    );
    await second.close();
  });

  it('has no CORS rules until a site sets them', async () => {
    const bucket = await openLocalBucket({ folder: join(root, 'cors') });
    const ask = new GetBucketCorsCommand({ Bucket: bucket.bucket });
    await assert.rejects(clientOf(bucket).send(ask), { name: 'NoSuchCORSConfiguration' });

    const site = await openLocalSite(bucket, bucket.signerSecret);

    const { CORSRules } = await clientOf(bucket).send(ask);
    assert.deepEqual(CORSRules?.[0]?.AllowedOrigins, [
      'http://localhost:*',
      'http://127.0.0.1:*',
      'http://[::1]:*',
    ]);
    assert.deepEqual(CORSRules[0].AllowedMethods, ['PUT', 'GET', 'HEAD']);
    assert.deepEqual(
      [site.key, site.accept, site.visibility, site.image.maxWidth, site.image.maxHeight],
      ['pk_local', [], 'private', 2048, 2048],
    );
    assert.deepEqual([site.storage.endpoint, site.storage.bucket], [bucket.endpoint, bucket.bucket]);
    await bucket.close();
  });

  it('lets pages on localhost through, and no others', async () => {
    const bucket = await openLocalBucket({ folder: join(root, 'preflight') });
    await openLocalSite(bucket, bucket.signerSecret);
    const preflight = async (origin: string) =>
      fetch(`${bucket.endpoint}/${bucket.bucket}/x`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type,x-amz-meta-name',
        },
      });

    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:80', 'http://[::1]:3000']) {
      assert.ok((await preflight(origin)).headers.has('access-control-allow-origin'), origin);
    }
    assert.ok(!(await preflight('https://evil.example')).headers.has('access-control-allow-origin'));
    await bucket.close();
  });

  it('refuses a folder that another one uses, and leaves that one alone', async () => {
    const folder = join(root, 'locked');
    const first = await openLocalBucket({ folder });

    await refused(folder, /Another process uses/, 1);

    assert.ok((await fetch(first.endpoint)).status >= 200);
    await first.close();
  });

  it('says what is in the way', async () => {
    writeFileSync(join(root, 'file'), '');
    await refused(join(root, 'file'), /is in the way/, 78);
    await refused(join(root, 'file/data'), /is in the way/, 78);

    mkdirSync(join(root, 'damaged'));
    writeFileSync(join(root, 'damaged/local.json'), '{"bucket":');
    await refused(join(root, 'damaged'), /local.json is damaged/, 78);
    assert.equal(readFileSync(join(root, 'damaged/local.json'), 'utf8'), '{"bucket":');
  });

  it('says that a port is taken', async () => {
    const first = await openLocalBucket({ folder: join(root, 'port-1') });
    const port = Number(new URL(first.endpoint).port);

    await assert.rejects(openLocalBucket({ folder: join(root, 'port-2'), port }), /Port \d+ is in use/);

    await first.close();
  });
});
