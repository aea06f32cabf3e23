// Buckets and what is set on them: names, listings, versions, lifecycle, location, and what is refused.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRejects, createTestBed, md5, newBucketName, newBytes, newKey } from './test-bed.js';
import type { OpenTestBed, Quirks, TestBed } from './test-bed.js';

export function bucketsContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('a bucket', () => {
    it('is created, found, listed and deleted', async () => {
      const { client } = bed();
      const Bucket = newBucketName();

      await client.send(new CreateBucketCommand({ Bucket }));
      await client.send(new HeadBucketCommand({ Bucket }));
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
      await client.send(new DeleteBucketCommand({ Bucket }));

      assert.ok(Buckets.some(({ Name }) => Name === Bucket));
      await assertRejects(client.send(new DeleteBucketCommand({ Bucket })), 404, 'NoSuchBucket');
      await assertRejects(
        client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })),
        404,
        'NoSuchBucket',
      );
    });

    it('is not deleted while it holds something', async () => {
      const { client, bucket } = await createTestBed(bed().store);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));

      await assertRejects(client.send(new DeleteBucketCommand({ Bucket: bucket })), 409, 'BucketNotEmpty');
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    });

    it('is not created twice', { skip: quirks.bucketOwned ?? false }, async () => {
      const { client, bucket } = bed();

      await assertRejects(
        client.send(new CreateBucketCommand({ Bucket: bucket })),
        409,
        'BucketAlreadyOwnedByYou',
      );
    });

    it('has a name that could be a host name', async () => {
      const { client } = bed();

      for (const Bucket of [
        'UPPER',
        'a',
        'under_score',
        'two..dots',
        'x'.repeat(64),
        '192.168.5.4',
        '-dash',
      ]) {
        await assertRejects(client.send(new CreateBucketCommand({ Bucket })), 400, 'InvalidBucketName');
      }
    });

    it('tells where it is', async () => {
      const { client, bucket } = bed();

      const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: bucket }));

      // The oldest region has no name here.
      assert.ok(LocationConstraint === undefined || ['', 'default'].includes(LocationConstraint));
    });
  });

  describe('a listing', () => {
    it('pages through keys in order', async () => {
      const { client, bucket } = bed();
      const Prefix = newKey('');
      const keys = ['B', 'a', 'a-b', 'a/b', 'b', 'ü', '\uffe5', '😀'].map((name) => Prefix + name);
      for (const Key of keys.toReversed())
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));

      const listed: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 3, ContinuationToken }),
        );
        listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);

      assert.deepEqual(listed, keys);
      const after = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix, StartAfter: keys[5] }),
      );
      assert.deepEqual(
        (after.Contents ?? []).map(({ Key }) => Key),
        keys.slice(6),
      );
      const old = await client.send(
        new ListObjectsCommand({ Bucket: bucket, Prefix, Marker: keys[1], MaxKeys: 2 }),
      );
      assert.deepEqual(
        (old.Contents ?? []).map(({ Key }) => Key),
        keys.slice(2, 4),
      );
    });

    it('folds keys at the delimiter, also across pages', async () => {
      const { client, bucket } = bed();
      const Prefix = newKey('');
      for (const name of ['a', 'b/1', 'b/2', 'b/3', 'c/1', 'd'])
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: Prefix + name, Body: 'x' }));
      const query = { Bucket: bucket, Prefix, Delimiter: '/', MaxKeys: 2 };

      const first = await client.send(new ListObjectsV2Command(query));
      const second = await client.send(
        new ListObjectsV2Command({ ...query, ContinuationToken: first.NextContinuationToken }),
      );

      const shown = [first, second].map((page) => [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
      ]);
      // AWS counts both kinds together, in order; the SDK hands them out apart.
      assert.deepEqual(shown, [
        [`${Prefix}a`, `${Prefix}b/`],
        [`${Prefix}d`, `${Prefix}c/`],
      ]);
      assert.deepEqual([first.IsTruncated, second.IsTruncated], [true, false]);
    });

    it('encodes keys on request', async () => {
      const { client, bucket } = bed();
      const Key = newKey('ü&1');
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));

      const list = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, EncodingType: 'url' }),
      );

      assert.equal(decodeURIComponent(list.Contents?.[0]?.Key ?? ''), Key);
      assert.match(list.Contents?.[0]?.Key ?? '', /%C3%BC%261$/i);
    });
  });

  describe('versions', () => {
    it('are kept, read by id, hidden by a marker, listed, and deleted for good', async () => {
      const { client, bucket } = await createVersioned(bed());
      const bodies = [newBytes(1), newBytes(2)];
      const ids = [];
      for (const Body of bodies)
        ids.push((await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body }))).VersionId);

      const marker = await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));

      assert.equal(marker.DeleteMarker, true);
      await assertRejects(client.send(new GetObjectCommand({ Bucket: bucket, Key: 'a' })), 404, 'NoSuchKey');
      const old = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a', VersionId: ids[0] }));
      assert.equal(old.ETag, `"${md5(bodies[0] ?? newBytes(1))}"`);
      const list = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      assert.deepEqual(
        (list.Versions ?? []).map((each) => [each.VersionId, each.IsLatest]),
        [
          [ids[1], false],
          [ids[0], false],
        ],
      );
      assert.deepEqual(
        (list.DeleteMarkers ?? []).map((each) => [each.VersionId, each.IsLatest]),
        [[marker.VersionId, true]],
      );

      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a', VersionId: marker.VersionId }));
      const back = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }));
      assert.equal(back.VersionId, ids[1]);
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a', VersionId: ids[1] }));
      assert.equal(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }))).VersionId,
        ids[0],
      );
    });

    it('are listed in pages', async () => {
      const { client, bucket } = await createVersioned(bed());
      for (const Key of ['a', 'a', 'b'])
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));

      const first = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }));
      const markers = { KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker };
      const rest = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, ...markers }));

      assert.deepEqual(
        [...(first.Versions ?? []), ...(rest.Versions ?? [])].map(({ Key }) => Key),
        ['a', 'a', 'b'],
      );
    });

    it('can be switched off again, and say so', async () => {
      const { client, bucket } = await createVersioned(bed());
      const VersioningConfiguration = { Status: 'Suspended' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));

      assert.equal(
        (await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status,
        'Suspended',
      );
      for (const Body of ['1', '2'])
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body }));
      const list = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      assert.deepEqual(
        (list.Versions ?? []).map(({ VersionId }) => VersionId),
        ['null'],
      );
    });
  });

  describe('a lifecycle', () => {
    it('is kept and given back', async () => {
      const { client, bucket } = await createTestBed(bed().store);
      const rule = {
        ID: 'tidy',
        Status: 'Enabled',
        Filter: { Prefix: 'tmp/' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        NoncurrentVersionExpiration: { NoncurrentDays: 3 },
      } as const;
      await assertRejects(
        client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })),
        404,
        'NoSuchLifecycleConfiguration',
      );

      await client.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: { Rules: [rule] },
        }),
      );
      const { Rules = [] } = await client.send(
        new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }),
      );
      await client.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));

      const [{ ID, Status, Filter, AbortIncompleteMultipartUpload, NoncurrentVersionExpiration } = {}] =
        Rules;
      assert.deepEqual(
        { ID, Status, Filter, AbortIncompleteMultipartUpload, NoncurrentVersionExpiration },
        rule,
      );
      await assertRejects(
        client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })),
        404,
        'NoSuchLifecycleConfiguration',
      );
    });
  });
}

async function createVersioned(bed: TestBed): Promise<TestBed> {
  const own = await createTestBed(bed.store);
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await own.client.send(new PutBucketVersioningCommand({ Bucket: own.bucket, VersioningConfiguration }));
  return own;
}
