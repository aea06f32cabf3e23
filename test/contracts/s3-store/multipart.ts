// Multipart uploads: parts in any order, checked when completed, one winner, nothing left after an abort.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { completeUpload, completeWith, createUpload, sendParts } from './multipart-steps.js';
import {
  assertRefusal,
  assertRejects,
  md5,
  MIB,
  newBytes,
  newKey,
  presign,
  put,
  sha256,
} from './test-bed.js';
import type { OpenTestBed, Quirks } from './test-bed.js';

const PART_BYTES = 5 * MIB;

export function multipartContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('a multipart upload', () => {
    it('joins presigned parts in the order of their numbers', async () => {
      const { client, bucket } = bed();
      const upload = await createUpload(bed(), { ContentType: 'video/mp4', Metadata: { a: '1' } });
      const [one, two] = [newBytes(PART_BYTES), newBytes(1000)];

      for (const [PartNumber, bytes] of [
        [2, two],
        [1, one],
      ] as const) {
        const url = await presign(
          client,
          new UploadPartCommand({ ...upload, PartNumber, ContentLength: bytes.length }),
        );
        const sent = await put(url, bytes);
        assert.deepEqual([sent.status, sent.headers.get('etag')], [200, `"${md5(bytes)}"`]);
      }
      await completeUpload(bed(), upload, [one, two]);

      const etag = createHash('md5').update(md5(one), 'hex').update(md5(two), 'hex').digest('hex');
      const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: upload.Key }));
      assert.deepEqual([got.ETag, got.ContentType, got.Metadata], [`"${etag}-2"`, 'video/mp4', { a: '1' }]);
      assert.equal(
        sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)),
        sha256(Buffer.concat([one, two])),
      );
      const across = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: upload.Key,
          Range: `bytes=${PART_BYTES - 2}-${PART_BYTES + 1}`,
        }),
      );
      const expected = Buffer.concat([one.subarray(-2), two.subarray(0, 2)]);
      assert.equal(sha256((await across.Body?.transformToByteArray()) ?? newBytes(1)), sha256(expected));
    });

    it('holds a part to its signed length, number and MD5', async () => {
      const { client } = bed();
      const upload = await createUpload(bed());
      const bytes = newBytes(100);
      const pinned = new UploadPartCommand({
        ...upload,
        PartNumber: 1,
        ContentLength: 100,
        ContentMD5: md5(bytes, 'base64'),
      });
      const url = await presign(client, pinned);
      const headers = { 'content-md5': md5(bytes, 'base64') };

      await assertRefusal(await put(url, newBytes(101), headers), 403, 'SignatureDoesNotMatch');
      await assertRefusal(
        await put(url.replace('partNumber=1', 'partNumber=2'), bytes, headers),
        403,
        'SignatureDoesNotMatch',
      );
      await assertRefusal(await put(url, newBytes(100), headers), 400, 'BadDigest');
      assert.deepEqual((await client.send(new ListPartsCommand(upload))).Parts ?? [], []);
    });

    it('takes the latest body of a part that was sent twice', async () => {
      const { client, bucket } = bed();
      const upload = await createUpload(bed());
      const last = newBytes(20);
      await sendParts(bed(), upload, [newBytes(10)]);
      await sendParts(bed(), upload, [last]);

      await completeUpload(bed(), upload, [last]);

      assert.equal(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: upload.Key }))).ContentLength,
        20,
      );
    });

    it('lists its parts in pages', async () => {
      const { client } = bed();
      const upload = await createUpload(bed());
      const bodies = [newBytes(1), newBytes(2), newBytes(3)];
      await sendParts(bed(), upload, bodies);

      const first = await client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
      const second = await client.send(
        new ListPartsCommand({ ...upload, MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker }),
      );

      const parts = [...(first.Parts ?? []), ...(second.Parts ?? [])];
      assert.deepEqual([first.IsTruncated, second.IsTruncated], [true, false]);
      assert.deepEqual(
        parts.map((part) => [part.PartNumber, part.Size, part.ETag?.replaceAll('"', '')]),
        bodies.map((body, index) => [index + 1, body.length, md5(body)]),
      );
    });

    it('refuses wrong ETags, missing parts and small parts when completed', async () => {
      const upload = await createUpload(bed());
      const [one, two] = [newBytes(10), newBytes(10)];
      await sendParts(bed(), upload, [one, two]);

      await assertRejects(completeUpload(bed(), upload, [two]), 400, 'InvalidPart');
      await assertRejects(completeWith(bed(), upload, [[7, one]]), 400, 'InvalidPart');
      await assertRejects(completeUpload(bed(), upload, [one, two]), 400, 'EntityTooSmall');
    });

    it('may leave out parts that were sent', { skip: quirks.partList ?? false }, async () => {
      const { client, bucket } = bed();
      const upload = await createUpload(bed());
      const [one, two] = [newBytes(10), newBytes(20)];
      await sendParts(bed(), upload, [one, two]);

      await completeWith(bed(), upload, [[2, two]]);

      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: upload.Key }));
      assert.equal(head.ContentLength, 20);
    });

    it('refuses parts out of order', { skip: quirks.partList ?? false }, async () => {
      const upload = await createUpload(bed());
      const [one, two] = [newBytes(10), newBytes(10)];
      await sendParts(bed(), upload, [one, two]);
      const disorder = [
        [2, two],
        [1, one],
      ] as const;

      await assertRejects(completeWith(bed(), upload, disorder), 400, 'InvalidPartOrder');
    });

    it(
      'has one winner when completed by several at once',
      { skip: quirks.lateCompletion ?? false },
      async () => {
        const upload = await createUpload(bed());
        const body = newBytes(10);
        await sendParts(bed(), upload, [body]);

        const results = await Promise.allSettled(
          Array.from({ length: 5 }, () => completeUpload(bed(), upload, [body])),
        );

        assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
        for (const result of results) {
          if (result.status === 'rejected')
            await assertRejects(Promise.reject(result.reason), 404, 'NoSuchUpload');
        }
      },
    );

    it(
      'writes once with If-None-Match on completion',
      { skip: quirks.conditionalCompletion ?? false },
      async () => {
        const { client, bucket } = bed();
        const upload = await createUpload(bed());
        await sendParts(bed(), upload, [newBytes(10)]);
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: upload.Key, Body: 'first' }));

        const late = client.send(
          new CompleteMultipartUploadCommand({
            ...upload,
            IfNoneMatch: '*',
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] },
          }),
        );

        await assertRejects(late, 400, 'InvalidPart');
        const [part] = (await client.send(new ListPartsCommand(upload))).Parts ?? [];
        const Parts = [{ PartNumber: 1, ETag: part?.ETag }];
        await assertRejects(
          client.send(
            new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch: '*', MultipartUpload: { Parts } }),
          ),
          412,
          'PreconditionFailed',
        );
        assert.equal((await client.send(new ListPartsCommand(upload))).Parts?.length, 1);
      },
    );

    it('leaves nothing after an abort', async () => {
      const { client, bucket } = bed();
      const upload = await createUpload(bed());
      await sendParts(bed(), upload, [newBytes(10)]);

      await client.send(new AbortMultipartUploadCommand(upload));

      const list = client.send(new ListPartsCommand(upload));
      await assertRejects(list, 404, quirks.abortedListCode ?? 'NoSuchUpload');
      const late = new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' });
      await assertRejects(client.send(late), 404, 'NoSuchUpload');
      await assertRejects(client.send(new AbortMultipartUploadCommand(upload)), 404, 'NoSuchUpload');
      const missing = client.send(new HeadObjectCommand({ Bucket: bucket, Key: upload.Key }));
      await assertRejects(missing, 404, 'NotFound');
    });

    it('refuses part numbers outside 1 to 10 000', { skip: quirks.limits ?? false }, async () => {
      const { client } = bed();
      const upload = await createUpload(bed());

      for (const PartNumber of [0, 10_001]) {
        await assertRejects(
          client.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'x' })),
          400,
          'InvalidArgument',
        );
      }
    });

    it('copies a part, or a range, from another object', async () => {
      const { client, bucket } = bed();
      const [source, bytes] = [newKey(), newBytes(1000)];
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: source, Body: bytes }));
      const upload = await createUpload(bed());
      const copy = {
        ...upload,
        PartNumber: 1,
        CopySource: `${bucket}/${source}`,
        CopySourceRange: 'bytes=100-199',
      };

      const copied = await client.send(new UploadPartCopyCommand(copy));
      await completeUpload(bed(), upload, [bytes.subarray(100, 200)]);

      assert.equal(copied.CopyPartResult?.ETag?.replaceAll('"', ''), md5(bytes.subarray(100, 200)));
      const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: upload.Key }));
      assert.equal(
        sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)),
        sha256(bytes.subarray(100, 200)),
      );
    });

    it('is listed in pages until it ends', async () => {
      const { client, bucket } = bed();
      const Prefix = newKey('');
      const uploads = [];
      for (const name of ['a', 'b', 'c']) uploads.push(await createUpload(bed(), { Key: Prefix + name }));

      const first = await client.send(
        new ListMultipartUploadsCommand({ Bucket: bucket, Prefix, MaxUploads: 2 }),
      );
      const markers = { KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker };
      const second = await client.send(
        new ListMultipartUploadsCommand({ Bucket: bucket, Prefix, MaxUploads: 2, ...markers }),
      );

      const ids = [...(first.Uploads ?? []), ...(second.Uploads ?? [])].map((upload) => upload.UploadId);
      assert.deepEqual(
        ids,
        uploads.map((upload) => upload.UploadId),
      );
      assert.deepEqual([first.IsTruncated, second.IsTruncated], [true, false]);
    });
  });
}
