// Objects: bytes, headers, ranges, conditions, copies, deletion, and keys of every kind.
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRejects, md5, newBytes, newKey, sha256 } from './test-bed.js';
import type { OpenTestBed, Quirks, TestBed } from './test-bed.js';

export function objectsContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('an object', () => {
    it('keeps its headers and metadata', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      const headers = {
        ContentType: 'image/webp',
        CacheControl: 'max-age=60',
        ContentDisposition: 'inline',
        ContentLanguage: 'de',
        ContentEncoding: 'gzip',
        Metadata: { one: '1', two: 'zwei' },
      };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(5), ...headers }));

      const { ContentType, CacheControl, ContentDisposition, ContentLanguage, ContentEncoding, Metadata } =
        await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));

      assert.deepEqual(
        { ContentType, CacheControl, ContentDisposition, ContentLanguage, ContentEncoding, Metadata },
        headers,
      );
    });

    it('may be empty', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: new Uint8Array() }));

      assert.equal((await read(bed(), Key)).length, 0);
      assert.equal(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))).ETag,
        '"d41d8cd98f00b204e9800998ecf8427e"',
      );
    });

    it('is replaced as a whole', async () => {
      const { client, bucket } = bed();
      const [Key, second] = [newKey(), newBytes(10)];
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(2000), Metadata: { old: '1' } }),
      );
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: second }));

      assert.equal(sha256(await read(bed(), Key)), sha256(second));
      assert.deepEqual(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))).Metadata ?? {},
        {},
      );
    });

    it('may have any name up to 1024 bytes, also one that begins another', async () => {
      const { client, bucket } = bed();
      const base = newKey('');
      const names = [
        'a',
        'a/b',
        'a/b/',
        'with space+plus&amp;<>"\'',
        'ümläut 漢字 😀',
        '%2e%2e%2f',
        'dots/..b/.c',
        'x'.repeat(900),
      ].map((name) => base + name);
      for (const Key of names) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));

      for (const Key of names) assert.equal(new TextDecoder().decode(await read(bed(), Key)), Key);
      const list = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: base }));
      assert.deepEqual((list.Contents ?? []).map((each) => each.Key ?? '').toSorted(), names.toSorted());
    });

    it('is refused with a key above 1024 bytes', { skip: quirks.limits ?? false }, async () => {
      const { client, bucket } = bed();

      const sent = client.send(new PutObjectCommand({ Bucket: bucket, Key: 'ä'.repeat(513), Body: 'x' }));

      await assertRejects(sent, 400, 'KeyTooLongError');
    });

    it('is refused with metadata above 2 KB', { skip: quirks.limits ?? false }, async () => {
      const { client, bucket } = bed();
      const sent = client.send(
        new PutObjectCommand({ Bucket: bucket, Key: newKey(), Body: 'x', Metadata: { a: 'x'.repeat(2048) } }),
      );

      await assertRejects(sent, 400, 'MetadataTooLarge');
    });

    it('that is missing answers NoSuchKey', async () => {
      const { client, bucket } = bed();

      await assertRejects(
        client.send(new GetObjectCommand({ Bucket: bucket, Key: newKey() })),
        404,
        'NoSuchKey',
      );
    });
  });

  describe('reading a range', () => {
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=10-19', 10, 20],
      ['bytes=90-', 90, 100],
      ['bytes=-10', 90, 100],
      ['bytes=50-1000', 50, 100],
    ] as const) {
      it(`${range} answers 206 and those bytes`, async () => {
        const { client, bucket } = bed();
        const [Key, bytes] = [newKey(), newBytes(100)];
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));

        const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key, Range: range }));

        assert.equal(got.$metadata.httpStatusCode, 206);
        assert.equal(got.ContentRange, `bytes ${start}-${end - 1}/100`);
        assert.equal(
          sha256((await got.Body?.transformToByteArray()) ?? newBytes(1)),
          sha256(bytes.subarray(start, end)),
        );
      });
    }

    it('beyond the end answers 416', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(100) }));

      await assertRejects(
        client.send(new GetObjectCommand({ Bucket: bucket, Key, Range: 'bytes=100-' })),
        416,
        'InvalidRange',
      );
    });
  });

  describe('reading under a condition', () => {
    it('answers 412 or 304 when the object is another, or the same', async () => {
      const { client, bucket } = bed();
      const [Key, bytes] = [newKey(), newBytes(100)];
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
      const etag = `"${md5(bytes)}"`;
      const get = (condition: object) =>
        client.send(new GetObjectCommand({ Bucket: bucket, Key, ...condition }));

      await assertRejects(get({ IfMatch: '"other"' }), 412, 'PreconditionFailed');
      const unchanged = [{ IfNoneMatch: etag }, { IfModifiedSince: new Date(Date.now() + 60_000) }];
      for (const condition of unchanged) {
        const status = await get(condition).catch(
          (error: { $metadata: { httpStatusCode: number } }) => error,
        );
        assert.equal(status.$metadata.httpStatusCode, 304);
      }
      const passing = [{ IfMatch: etag }, { IfNoneMatch: '"other"' }, { IfModifiedSince: new Date(0) }];
      for (const condition of passing) assert.equal((await get(condition)).$metadata.httpStatusCode, 200);
    });
  });

  describe('copying', () => {
    it('COPY keeps bytes and headers, REPLACE takes new ones', async () => {
      const { client, bucket } = bed();
      const [source, kept, replaced, bytes] = [newKey('a b+ü'), newKey(), newKey(), newBytes(70_000)];
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: source,
          Body: bytes,
          ContentType: 'text/plain',
          Metadata: { a: '1' },
        }),
      );
      const CopySource = `${bucket}/${encodeURIComponent(source)}`;

      await client.send(new CopyObjectCommand({ Bucket: bucket, Key: kept, CopySource }));
      const copy = {
        Bucket: bucket,
        Key: replaced,
        CopySource,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/html',
        Metadata: { b: '2' },
      } as const;
      const result = await client.send(new CopyObjectCommand(copy));

      assert.equal(result.CopyObjectResult?.ETag?.replaceAll('"', ''), md5(bytes));
      const [first, second] = await Promise.all(
        [kept, replaced].map((Key) => client.send(new HeadObjectCommand({ Bucket: bucket, Key }))),
      );
      assert.deepEqual([first?.ContentType, first?.Metadata], ['text/plain', { a: '1' }]);
      assert.deepEqual([second?.ContentType, second?.Metadata], ['text/html', { b: '2' }]);
      assert.equal(sha256(await read(bed(), replaced)), sha256(bytes));
    });

    it('holds the source to If-Match', { skip: quirks.copyConditions ?? false }, async () => {
      const { client, bucket } = bed();
      const [Key, bytes] = [newKey(), newBytes(7)];
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
      const copy = { Bucket: bucket, Key: newKey(), CopySource: `${bucket}/${Key}` };

      const other = client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: '"0123"' }));

      await assertRejects(other, 412, 'PreconditionFailed');
      await client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: `"${md5(bytes)}"` }));
    });

    it('onto itself needs REPLACE, and a source', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(7) }));
      const copy = { Bucket: bucket, Key, CopySource: `${bucket}/${Key}` };

      await assertRejects(client.send(new CopyObjectCommand(copy)), 400, 'InvalidRequest');
      const missing = client.send(new CopyObjectCommand({ ...copy, CopySource: `${bucket}/${newKey()}` }));
      await assertRejects(missing, 404, 'NoSuchKey');
      await client.send(
        new CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata: { a: 'b' } }),
      );
      assert.deepEqual((await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))).Metadata, {
        a: 'b',
      });
    });
  });

  describe('deleting', () => {
    it('removes the object, and does not mind one that is missing', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));

      const first = await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      const second = await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));

      assert.deepEqual([first.$metadata.httpStatusCode, second.$metadata.httpStatusCode], [204, 204]);
      await assertRejects(client.send(new GetObjectCommand({ Bucket: bucket, Key })), 404, 'NoSuchKey');
    });

    it('many at once tells what was deleted, unless quiet', async () => {
      const { client, bucket } = bed();
      const Objects = Array.from({ length: 5 }, () => ({ Key: newKey(' <&> \u00fc') }));
      for (const { Key } of Objects)
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));

      const loud = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Objects.slice(0, 2) } }),
      );
      const quiet = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );

      assert.deepEqual(
        (loud.Deleted ?? []).map(({ Key }) => Key ?? '').toSorted(),
        Objects.slice(0, 2)
          .map(({ Key }) => Key)
          .toSorted(),
      );
      assert.deepEqual([quiet.Deleted ?? [], quiet.Errors ?? []], [[], []]);
      for (const { Key } of Objects)
        await assertRejects(client.send(new GetObjectCommand({ Bucket: bucket, Key })), 404, 'NoSuchKey');
    });
  });
}

async function read({ client, bucket }: TestBed, Key: string): Promise<Uint8Array> {
  const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await got.Body?.transformToByteArray()) ?? new Uint8Array();
}
