// Bodies signed in the Authorization header: their hash, their checksums, and bodies in signed chunks.
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Readable } from 'node:stream';
import { assertRefusal, assertRejects, MIB, newBytes, newKey, presign, put, sha256 } from './test-bed.js';
import type { OpenTestBed, Quirks, TestBed } from './test-bed.js';

export function integrityContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('a body', () => {
    it('is held to the hash that was signed with it', async () => {
      const { client, bucket } = bed();
      const command = new PutObjectCommand({ Bucket: bucket, Key: newKey(), Body: 'what was sealed' });
      // Changes the body behind the signature's back.
      command.middlewareStack.add(
        (next) => (args) => {
          if (typeof args.request === 'object' && args.request && 'body' in args.request)
            args.request.body = 'what was fake_d';
          return next(args);
        },
        { step: 'finalizeRequest', priority: 'low' },
      );

      const error = await client.send(command).catch((reason: unknown) => reason);

      assert.ok(error instanceof Error);
      await assertRejects(Promise.reject(error), 400, 'XAmzContentSHA256Mismatch');
    });

    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      it(
        `is checked against ${ChecksumAlgorithm} and gives it back`,
        { skip: quirks.checksums ?? false },
        async () => {
          const { client, bucket } = bed();
          const Key = newKey();
          const sent = await client.send(
            new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(50_000), ChecksumAlgorithm }),
          );

          const head = await client.send(
            new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }),
          );

          const name = `Checksum${ChecksumAlgorithm}` as const;
          assert.ok(sent[name]);
          assert.equal(head[name], sent[name]);
          const wrong = client.send(
            new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(50_000), [name]: sent[name] }),
          );
          await assertRejects(wrong, 400, 'BadDigest');
        },
      );
    }

    it(
      'of a presigned PUT can be pinned by a signed checksum',
      { skip: quirks.checksums ?? false },
      async () => {
        const { client, bucket } = bed();
        const bytes = newBytes(100);
        const ChecksumSHA256 = Buffer.from(sha256(bytes), 'hex').toString('base64');
        const command = new PutObjectCommand({ Bucket: bucket, Key: newKey(), ChecksumSHA256 });
        const url = await presign(client, command, { unhoisted: ['x-amz-checksum-sha256'] });
        const headers = { 'x-amz-checksum-sha256': ChecksumSHA256 };

        await assertRefusal(await put(url, newBytes(100), headers), 400, 'BadDigest');
        assert.equal((await put(url, bytes, headers)).status, 200);
      },
    );

    it('may come in chunks with a checksum behind it', { skip: quirks.chunkedBodies ?? false }, async () => {
      const { client, bucket } = bed();
      const [Key, bytes] = [newKey(), newBytes(MIB)];
      const sender = withDefaultChecksums(bed());

      const Body = Readable.from([
        Buffer.from(bytes.subarray(0, 300_000)),
        Buffer.from(bytes.subarray(300_000)),
      ]);
      await sender.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: bytes.length }));

      const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      assert.equal(sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)), sha256(bytes));
      assert.equal(got.ContentEncoding, undefined);
    });

    it(
      'of a part may come from a client with default settings',
      { skip: quirks.chunkedBodies ?? false },
      async () => {
        const { bucket } = bed();
        const sender = withDefaultChecksums(bed());
        const upload = { Bucket: bucket, Key: newKey() };
        const { UploadId } = await sender.send(new CreateMultipartUploadCommand(upload));

        const part = await sender.send(
          new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: newBytes(1000) }),
        );

        assert.ok(part.ChecksumCRC32);
      },
    );
  });
}

function withDefaultChecksums({ store }: TestBed): S3Client {
  return new S3Client({
    endpoint: store.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: store.keyId, secretAccessKey: store.applicationKey },
  });
}
