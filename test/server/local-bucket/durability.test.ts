// What survives: a killed process, a client that goes away, a torn file. Nothing half-made is ever shown.
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, stat, truncate } from 'node:fs/promises';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startLocalBucket } from '../../../server/local-bucket/local-bucket.js';
import { assertRejects, MIB, newBytes, sha256 } from '../../contracts/s3-store/test-bed.js';
import { startChildServer } from './child-server.js';
import {
  BUCKET,
  createClient,
  CREDENTIALS,
  filesIn,
  newFolder,
  openBucket,
  reopenBucket,
  until,
} from './open-bucket.js';

describe('an upload that is cut', () => {
  it('leaves nothing when the process is killed', async (t) => {
    const dir = await newFolder(t);
    const server = await startChildServer(t, dir);
    const client = createClient(server.endpoint);
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'before' }));
    const sending = await beginPut(client, { totalBytes: 64 * MIB, firstBytes: 8 * MIB });
    await until(async () => (await filesIn(join(dir, 'tmp'))).length === 1);

    await server.kill();
    sending.destroy();
    const { client: after } = await reopenBucket(t, { dir });

    assert.equal(await textOf(after, 'a'), 'before');
    assert.deepEqual(await filesIn(join(dir, 'tmp')), []);
    assert.equal((await filesIn(dir)).length, 2);
  });

  it('leaves nothing when the client goes away', async (t) => {
    const { dir, client } = await openBucket(t);
    const sending = await beginPut(client, { totalBytes: 64 * MIB, firstBytes: 8 * MIB });
    await until(async () => (await filesIn(join(dir, 'tmp'))).length === 1);

    sending.destroy();
    await until(async () => (await filesIn(join(dir, 'tmp'))).length === 0);

    await assertRejects(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' })), 404, 'NoSuchKey');
  });
});

describe('a restart', () => {
  it('finds objects, versions, unfinished uploads and settings', async (t) => {
    const { dir, client, bucket } = await openBucket(t);
    const bytes = [newBytes(5 * MIB), newBytes(100), newBytes(10)] as const;
    await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'ü/ name', Body: 'x', Metadata: { a: 'b' } }),
    );
    const upload = { Bucket: BUCKET, Key: 'joined' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    const parts = [];
    for (const [index, Body] of bytes.slice(0, 2).entries()) {
      const { ETag } = await client.send(
        new UploadPartCommand({ ...upload, UploadId, PartNumber: index + 1, Body }),
      );
      parts.push({ PartNumber: index + 1, ETag });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts: parts } }),
    );
    const open = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'open' }));
    await client.send(
      new UploadPartCommand({
        Bucket: BUCKET,
        Key: 'open',
        UploadId: open.UploadId,
        PartNumber: 3,
        Body: bytes[2],
      }),
    );
    const rule = { AllowedOrigins: ['*'], AllowedMethods: ['PUT'] };
    await client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules: [rule] } }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    for (const Body of ['1', '2', '3'])
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'v', Body }));

    await bucket.close();
    const { client: after } = await reopenBucket(t, { dir });

    const named = await after.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'ü/ name' }));
    assert.deepEqual(named.Metadata, { a: 'b' });
    const joined = await after.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'joined' }));
    assert.equal(
      sha256((await joined.Body?.transformToByteArray()) ?? bytes[2]),
      sha256(Buffer.concat(bytes.slice(0, 2))),
    );
    const listed = await after.send(
      new ListPartsCommand({ Bucket: BUCKET, Key: 'open', UploadId: open.UploadId }),
    );
    assert.deepEqual(
      listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [[3, 10]],
    );
    assert.equal((await after.send(new GetBucketCorsCommand({ Bucket: BUCKET }))).CORSRules?.length, 1);
    assert.equal(await textOf(after, 'v'), '3');
    const versions = await after.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: 'v' }));
    assert.equal(versions.Versions?.length, 3);
  });

  it('leaves a torn file out, and removes it', async (t) => {
    const { dir, client, bucket } = await openBucket(t);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: newBytes(100_000) }));
    await bucket.close();
    const blobs = join(dir, 'buckets', `bucket-${BUCKET}`, 'blobs');
    const [name = ''] = await readdir(blobs, { recursive: true }).then((names) =>
      names.filter((each) => each.length > 30),
    );
    await truncate(join(blobs, name), 100_010);

    const { client: after } = await reopenBucket(t, { dir });

    assert.equal((await after.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount, 0);
    assert.deepEqual(await filesIn(blobs), []);
  });

  it('keeps the small objects before the one that was cut, and takes new ones', async (t) => {
    const { dir, client, bucket } = await openBucket(t);
    for (const Key of ['a', 'b', 'cut'])
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'b' }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'last', Body: 'last' }));
    await bucket.close();
    const packs = join(dir, 'buckets', `bucket-${BUCKET}`, 'packs');
    const [name = ''] = await readdir(packs);
    await truncate(join(packs, name), (await stat(join(packs, name))).size - 5);

    const { client: after, bucket: again } = await reopenBucket(t, { dir });
    await after.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'new', Body: 'new' }));
    await again.close();
    const { client: third } = await reopenBucket(t, { dir });

    const list = await third.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    assert.deepEqual(
      list.Contents?.map(({ Key }) => Key),
      ['a', 'cut', 'new'],
    );
    for (const Key of ['a', 'cut', 'new']) assert.equal(await textOf(third, Key), Key);
  });

  it('keeps no file that nobody needs after overwriting, deleting and completing', async (t) => {
    const { dir, client } = await openBucket(t);
    for (const Body of [newBytes(100_000), newBytes(100_000)])
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body }));
    const used = newBytes(100_000);
    const upload = { Bucket: BUCKET, Key: 'a' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: newBytes(100_000) }));
    const { ETag } = await client.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber: 2, Body: used }),
    );
    await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 2, ETag }] },
      }),
    );

    // Settings, the object's record, its one segment.
    assert.equal((await filesIn(dir)).length, 3);
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    assert.equal(sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)), sha256(used));
  });
});

describe('starting', () => {
  it('refuses a port that is taken, and a folder that is in use', async (t) => {
    const { dir, bucket } = await openBucket(t);
    const port = Number(new URL(bucket.endpoint).port);
    const other = await newFolder(t);

    await assert.rejects(startLocalBucket({ dir: other, port, credentials: CREDENTIALS }), {
      code: 'EADDRINUSE',
    });
    await assert.rejects(startLocalBucket({ dir, credentials: CREDENTIALS }), { code: 'ELOCKED' });
    // Neither failure holds on to its folder.
    await (await startLocalBucket({ dir: other, credentials: CREDENTIALS })).close();
  });

  it('is answered by close, which lets a request in flight end', async (t) => {
    const { client, bucket, dir } = await openBucket(t);
    const sending = await beginPut(client, { totalBytes: 100, firstBytes: 50 });
    const answered = once(sending, 'response');
    await until(async () => (await filesIn(dir)).length > 0);

    const closing = bucket.close();
    sending.end(Buffer.alloc(50));
    const [answer]: { statusCode?: number }[] = await answered;
    await closing;

    assert.equal(answer?.statusCode, 200);
    await assert.rejects(fetch(bucket.endpoint));
  });
});

interface CutBody {
  readonly totalBytes: number;
  readonly firstBytes: number;
}

/** Sends the first bytes of a PUT and leaves the rest to the caller. */
async function beginPut(client: S3Client, { totalBytes, firstBytes }: CutBody): Promise<ClientRequest> {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' }));
  const sending = request(url, { method: 'PUT', agent: false, headers: { 'content-length': totalBytes } });
  sending.on('error', () => undefined);
  await new Promise((resolve) => sending.write(Buffer.alloc(firstBytes, 1), resolve));
  return sending;
}

async function textOf(client: S3Client, Key: string): Promise<string | undefined> {
  const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return got.Body?.transformToString();
}
