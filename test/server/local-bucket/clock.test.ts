// Everything that depends on time, with a clock that the test moves: signatures, skew, lifecycle.
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  DeleteObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, LifecycleRule, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startLocalBucket } from '../../../server/local-bucket/local-bucket.js';
import { assertRefusal, assertRejects } from '../../contracts/s3-store/test-bed.js';
import { BUCKET, createClient, CREDENTIALS, filesIn, openBucket } from './open-bucket.js';
import type { Cleaner } from './open-bucket.js';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-01T12:00:00Z');

describe('the clock', () => {
  it('ends a presigned URL at the second that was signed', async (t) => {
    let nowMs = START_MS;
    const { client } = await openBucket(t, { now: () => new Date(nowMs) });
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' }), {
      expiresIn: 60,
      signingDate: new Date(nowMs),
    });
    const put = () => fetch(url, { method: 'PUT', body: new Uint8Array(3) });

    nowMs += 60_000;
    assert.equal((await put()).status, 200);
    nowMs += 1000;
    const late = await put();

    assert.match(await late.clone().text(), /<Message>Request has expired<\/Message>/);
    await assertRefusal(late, 403, 'AccessDenied');
  });

  it('refuses a URL from the future', async (t) => {
    const now = new Date(START_MS);
    const { client } = await openBucket(t, { now: () => now });
    const signingDate = new Date(START_MS + 16 * 60_000);
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' }), {
      signingDate,
    });

    await assertRefusal(await fetch(url, { method: 'PUT', body: new Uint8Array(3) }), 403, 'AccessDenied');
  });

  it('refuses a header signature that is 15 minutes off', async (t) => {
    let nowMs = Date.now();
    const { bucket } = await openBucket(t, { now: () => new Date(nowMs) });
    // The SDK would correct its clock by the answer: a fresh client for each request.
    const send = () => createClient(bucket.endpoint).send(new ListObjectsV2Command({ Bucket: BUCKET }));

    nowMs += 14 * 60_000;
    await send();
    nowMs += 2 * 60_000;
    await assertRejects(send(), 403, 'RequestTimeTooSkewed');
  });
});

describe('a lifecycle rule', () => {
  it('aborts unfinished uploads after their days, and frees the disk', async (t) => {
    const dir = await prepare(
      t,
      {
        ID: 'a',
        Status: 'Enabled',
        Filter: { Prefix: 'tmp/' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      },
      async (client) => {
        for (const Key of ['tmp/a', 'kept/b']) {
          const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
          await client.send(
            new UploadPartCommand({
              Bucket: BUCKET,
              Key,
              UploadId,
              PartNumber: 1,
              Body: new Uint8Array(100_000),
            }),
          );
        }
      },
    );

    assert.deepEqual(await later(dir, 2, listUploads), ['kept/b', 'tmp/a']);
    assert.deepEqual(await later(dir, 3, listUploads), ['kept/b']);
    // Settings, the record of one upload, one part.
    assert.equal((await filesIn(dir)).length, 3);
  });

  it('expires objects at the midnight after their days', async (t) => {
    const rule = { ID: 'a', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } } as const;
    const dir = await prepare(t, rule, async (client) => {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' }));
    });

    assert.ok(await later(dir, 1, getObject));
    await assertRejects(later(dir, 1.5, getObject), 404, 'NoSuchKey');
  });

  it('does nothing while disabled', async (t) => {
    const rule = { ID: 'a', Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } } as const;
    const dir = await prepare(t, rule, async (client) => {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' }));
    });

    assert.ok(await later(dir, 400, getObject));
  });

  it('removes old versions, then the delete marker that hides nothing', async (t) => {
    const rules = {
      ID: 'a',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Expiration: { ExpiredObjectDeleteMarker: true },
      NoncurrentVersionExpiration: { NoncurrentDays: 3 },
    } as const;
    const dir = await prepare(t, rules, async (client) => {
      await client.send(
        new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      for (const Key of ['kept', 'kept', 'gone'])
        await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }));
    });

    const list = await later(dir, 4, (client) =>
      client.send(new ListObjectVersionsCommand({ Bucket: BUCKET })),
    );

    assert.deepEqual(
      list.Versions?.map(({ Key, IsLatest }) => [Key, IsLatest]),
      [['kept', true]],
    );
    assert.equal(list.DeleteMarkers, undefined);
  });
});

/** Fills a folder at the start of time, under one rule. */
async function prepare(
  t: Cleaner,
  rule: LifecycleRule,
  fill: (client: S3Client) => Promise<void>,
): Promise<string> {
  const { dir, client, bucket } = await openBucket(t, { now: () => new Date(START_MS) });
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: [rule] } }),
  );
  await fill(client);
  await bucket.close();
  return dir;
}

/** What a server that is started that many days later shows. */
async function later<T>(dir: string, days: number, look: (client: S3Client) => Promise<T>): Promise<T> {
  const now = (): Date => new Date(START_MS + days * DAY_MS);
  const bucket = await startLocalBucket({ dir, now, credentials: CREDENTIALS });
  const client = createClient(bucket.endpoint, now);
  try {
    return await look(client);
  } finally {
    client.destroy();
    await bucket.close();
  }
}

async function listUploads(client: S3Client): Promise<readonly (string | undefined)[] | undefined> {
  const list = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  return list.Uploads?.map(({ Key }) => Key);
}

function getObject(client: S3Client): Promise<GetObjectCommandOutput> {
  return client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
}
