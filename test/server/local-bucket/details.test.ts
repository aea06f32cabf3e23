// Finer points of S3 that Ceph's gateway does otherwise or not at all.
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { assertRejects, MIB, newBytes, sha256 } from '../../contracts/s3-store/test-bed.js';
import { BUCKET, filesIn, openBucket, until } from './open-bucket.js';

describe('a conditional write', () => {
  it('is in conflict with a deletion that comes while its body is under way', async (t) => {
    const { client } = await openBucket(t);
    await client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket: BUCKET, Key: 'a', IfNoneMatch: '*' }),
    );
    const headers = { 'if-none-match': '*', 'content-length': 10, expect: '100-continue' };
    const sending = request(url, { method: 'PUT', agent: false, headers });
    sending.flushHeaders();
    // Asked to go on: the condition held so far.
    await once(sending, 'continue');

    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    sending.end(Buffer.alloc(10));
    const [answer]: { statusCode?: number; resume: () => void }[] = await once(sending, 'response');
    answer?.resume();

    assert.equal(answer?.statusCode, 409);
  });

  it('with If-Match replaces only what it names', async (t) => {
    const { client } = await openBucket(t);
    const put = (Body: string, IfMatch?: string) =>
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body, IfMatch }));
    await assertRejects(put('0', '"any"'), 404, 'NoSuchKey');
    const first = await put('1');

    await put('2', first.ETag);

    await assertRejects(put('3', first.ETag), 412, 'PreconditionFailed');
  });
});

describe('an object that was uploaded in parts', () => {
  it('is read by part number', async (t) => {
    const { client } = await openBucket(t);
    const upload = { Bucket: BUCKET, Key: 'a' };
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: 'SHA256' }),
    );
    const bodies = [newBytes(5 * MIB), newBytes(100)] as const;
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const part = { ...upload, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' } as const;
      const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part));
      Parts.push({ ETag, ChecksumSHA256, PartNumber: index + 1 });
    }
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }),
    );

    const second = await client.send(new GetObjectCommand({ ...upload, PartNumber: 2 }));

    assert.match(done.ChecksumSHA256 ?? '', /-2$/);
    assert.deepEqual(
      [second.PartsCount, second.ContentRange],
      [2, `bytes ${5 * MIB}-${5 * MIB + 99}/${5 * MIB + 100}`],
    );
    assert.equal(sha256((await second.Body?.transformToByteArray()) ?? newBytes(1)), sha256(bodies[1]));
    await assertRejects(client.send(new GetObjectCommand({ ...upload, PartNumber: 3 })), 416, 'InvalidRange');
  });
});

describe('an object in parts that is deleted while it is read', () => {
  it('is read to its end, and then leaves the disk', async (t) => {
    const { client, dir } = await openBucket(t);
    const upload = { Bucket: BUCKET, Key: 'a' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    const bodies = [newBytes(5 * MIB), newBytes(5 * MIB)] as const;
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const { ETag } = await client.send(
        new UploadPartCommand({ ...upload, UploadId, PartNumber: index + 1, Body }),
      );
      Parts.push({ ETag, PartNumber: index + 1 });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }),
    );

    const got = await client.send(new GetObjectCommand(upload));
    await client.send(new DeleteObjectCommand(upload));
    const bytes = (await got.Body?.transformToByteArray()) ?? newBytes(1);

    assert.equal(sha256(bytes), sha256(Buffer.concat(bodies)));
    // Only the bucket's settings are left.
    await until(async () => (await filesIn(dir)).length === 1);
  });
});

describe('versions', () => {
  it('are copied by id, also from another bucket, and removed by it in a list', async (t) => {
    const { client } = await openBucket(t);
    await client.send(new CreateBucketCommand({ Bucket: 'other' }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'old' }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'new' }));

    const copy = { Bucket: 'other', Key: 'b', CopySource: `/${BUCKET}/a?versionId=${VersionId}` };
    const copied = await client.send(new CopyObjectCommand(copy));
    const Objects = [{ Key: 'a', VersionId }, { Key: 'a', VersionId: 'not an id' }, { Key: '../x' }];
    const deleted = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));

    assert.equal(copied.CopySourceVersionId, VersionId);
    const got = await client.send(new GetObjectCommand({ Bucket: 'other', Key: 'b' }));
    assert.equal(await got.Body?.transformToString(), 'old');
    assert.deepEqual(
      deleted.Deleted?.map((each) => each.VersionId),
      [VersionId],
    );
    assert.deepEqual(
      deleted.Errors?.map((each) => each.Code),
      ['InvalidArgument', 'InvalidURI'],
    );
    await assertRejects(
      client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a', VersionId })),
      404,
      'NotFound',
    );
  });

  it('answer 405 when a delete marker is read', async (t) => {
    const { client } = await openBucket(t);
    await client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' }));
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    await assertRejects(
      client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a', VersionId })),
      405,
      'MethodNotAllowed',
    );
  });
});

describe('reading', () => {
  it('goes on from the object that was there, whatever happens to its name', async (t) => {
    const { client } = await openBucket(t);
    const bytes = newBytes(8 * MIB);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: bytes }));

    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: newBytes(8 * MIB) }));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    assert.equal(sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)), sha256(bytes));
  });

  it('gives metadata beyond ASCII back as an encoded word', async (t) => {
    const { client } = await openBucket(t);
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Metadata: { name: 'Grüße' } }),
    );
    await fetch(url, { method: 'PUT', body: new Uint8Array(1) });

    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    assert.equal(head.Metadata?.name, `=?UTF-8?B?${Buffer.from('Grüße').toString('base64')}?=`);
  });
});
