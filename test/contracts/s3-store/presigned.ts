// Presigned PUT, GET and HEAD: nothing that was signed may change, and nothing else needs to be sent.
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assertRefusal,
  bytesOf,
  createClient,
  md5,
  newBytes,
  newKey,
  presign,
  put,
  sha256,
} from './test-bed.js';
import type { OpenTestBed, Quirks } from './test-bed.js';

export function presignedContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('a presigned PUT', () => {
    it('stores exactly the bytes that were sent, with their MD5 as ETag', async () => {
      const { client, bucket } = bed();
      const [Key, bytes] = [newKey(), newBytes(100_000)];

      const sent = await put(await presign(client, new PutObjectCommand({ Bucket: bucket, Key })), bytes);

      assert.equal(sent.status, 200);
      assert.equal(sent.headers.get('etag'), `"${md5(bytes)}"`);
      const got = await fetch(await presign(client, new GetObjectCommand({ Bucket: bucket, Key })));
      assert.equal(sha256(await bytesOf(got)), sha256(bytes));
    });

    it('refuses a body of another length than was signed', async () => {
      const { client, bucket } = bed();
      const url = await presign(
        client,
        new PutObjectCommand({ Bucket: bucket, Key: newKey(), ContentLength: 10 }),
      );

      await assertRefusal(await put(url, newBytes(11)), 403, 'SignatureDoesNotMatch');
      await assertRefusal(await put(url, newBytes(9)), 403, 'SignatureDoesNotMatch');
      assert.equal((await put(url, newBytes(10))).status, 200);
    });

    it('refuses another content type than was signed, or none', async () => {
      const { client, bucket } = bed();
      const command = new PutObjectCommand({ Bucket: bucket, Key: newKey(), ContentType: 'image/png' });
      const url = await presign(client, command, { contentType: true });

      await assertRefusal(
        await put(url, newBytes(3), { 'content-type': 'text/html' }),
        403,
        'SignatureDoesNotMatch',
      );
      await assertRefusal(await put(url, newBytes(3)), 403, 'SignatureDoesNotMatch');
      assert.equal((await put(url, newBytes(3), { 'content-type': 'image/png' })).status, 200);
    });

    it('takes a content type that nobody signed', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key }));

      assert.equal((await put(url, newBytes(3), { 'content-type': 'image/gif' })).status, 200);
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      assert.equal(head.ContentType, 'image/gif');
    });

    it('holds the body to a signed Content-MD5', async () => {
      const { client, bucket } = bed();
      const bytes = newBytes(1000);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: newKey(),
        ContentMD5: md5(bytes, 'base64'),
      });
      const url = await presign(client, command);
      const headers = { 'content-md5': md5(bytes, 'base64') };

      await assertRefusal(await put(url, newBytes(1000), headers), 400, 'BadDigest');
      await assertRefusal(await put(url, bytes), 403, 'SignatureDoesNotMatch');
      assert.equal((await put(url, bytes, headers)).status, 200);
    });

    it('refuses a Content-MD5 that is none', async () => {
      const { client, bucket } = bed();
      const url = await presign(
        client,
        new PutObjectCommand({ Bucket: bucket, Key: newKey(), ContentMD5: 'bm90IGFuIG1kNQ==' }),
      );

      await assertRefusal(
        await put(url, newBytes(3), { 'content-md5': 'bm90IGFuIG1kNQ==' }),
        400,
        'InvalidDigest',
      );
    });

    it('keeps metadata, signed as a header or in the URL', async () => {
      const { client, bucket } = bed();
      const [hoisted, signed] = [newKey(), newKey()];
      const Metadata = { name: 'a%20b.png' };
      const inUrl = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: hoisted, Metadata }));
      const inHeader = await presign(
        client,
        new PutObjectCommand({ Bucket: bucket, Key: signed, Metadata }),
        { unhoisted: ['x-amz-meta-name'] },
      );

      assert.equal((await put(inUrl, newBytes(3))).status, 200);
      assert.equal((await put(inHeader, newBytes(3), { 'x-amz-meta-name': 'a%20b.png' })).status, 200);

      await assertRefusal(
        await put(inHeader, newBytes(3), { 'x-amz-meta-name': 'other' }),
        403,
        'SignatureDoesNotMatch',
      );
      for (const Key of [hoisted, signed]) {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
        assert.deepEqual(head.Metadata, Metadata);
      }
    });

    it('refuses an x-amz header that nobody signed', { skip: quirks.unsignedHeaders ?? false }, async () => {
      const { client, bucket } = bed();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: newKey() }));

      const refused = await put(url, newBytes(3), { 'x-amz-meta-extra': '1' });

      assert.match(await refused.clone().text(), /<HeadersNotSigned>x-amz-meta-extra<\/HeadersNotSigned>/);
      await assertRefusal(refused, 403, 'AccessDenied');
    });

    it('writes once with If-None-Match', async () => {
      const { client, bucket } = bed();
      const [Key, bytes] = [newKey(), newBytes(50)];
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key, IfNoneMatch: '*' }));
      const headers = { 'if-none-match': '*' };

      assert.equal((await put(url, bytes, headers)).status, 200);
      await assertRefusal(await put(url, newBytes(50), headers), 412, 'PreconditionFailed');
      await assertRefusal(await put(url, newBytes(50)), 403, 'SignatureDoesNotMatch');
      assert.equal(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))).ETag,
        `"${md5(bytes)}"`,
      );
    });

    it('lets exactly one of several rivals write with If-None-Match', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key, IfNoneMatch: '*' }));
      const bodies = Array.from({ length: 8 }, () => newBytes(100_000));

      const answers = await Promise.all(bodies.map((body) => put(url, body, { 'if-none-match': '*' })));

      const winners = bodies.filter((_, index) => answers[index]?.status === 200);
      assert.equal(winners.length, 1);
      assert.ok(answers.every(({ status }) => status === 200 || status === 412 || status === 409));
      assert.equal(
        (await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))).ETag,
        `"${md5(winners[0] ?? newBytes(1))}"`,
      );
    });

    it('refuses a changed key, method, parameter or signature', async () => {
      const { client, bucket } = bed();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: newKey('mine.txt') }));
      const changed = [
        url.replace('mine.txt', 'yours.txt'),
        url.replace('X-Amz-Expires=900', 'X-Amz-Expires=901'),
        url.replace(/(X-Amz-Signature=)./, '$1z'),
      ];

      for (const each of changed)
        await assertRefusal(await put(each, newBytes(3)), 403, 'SignatureDoesNotMatch');
      assert.equal((await fetch(url)).status, 403);
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 403);
    });

    it('refuses an unknown access key and a wrong secret', async () => {
      const { store, bucket } = bed();
      const command = new PutObjectCommand({ Bucket: bucket, Key: newKey() });
      const unknown = await presign(createClient(store, { keyId: 'nobody' }), command);
      const wrong = await presign(createClient(store, { applicationKey: 'wrong' }), command);

      await assertRefusal(await put(unknown, newBytes(3)), 403, 'InvalidAccessKeyId');
      await assertRefusal(await put(wrong, newBytes(3)), 403, 'SignatureDoesNotMatch');
    });

    it('refuses an expired URL', async () => {
      const { client, bucket } = bed();
      const signingDate = new Date(Date.now() - 120_000);
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: newKey() }), {
        expiresIn: 60,
        signingDate,
      });

      await assertRefusal(await put(url, newBytes(3)), 403, 'AccessDenied');
    });

    it('refuses an expiry outside a second and a week', { skip: quirks.expiryRange ?? false }, async () => {
      const { client, bucket } = bed();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: newKey() }));

      for (const seconds of ['604801', '0', '-5', 'soon']) {
        const changed = url.replace('X-Amz-Expires=900', `X-Amz-Expires=${seconds}`);
        await assertRefusal(await put(changed, newBytes(3)), 400, 'AuthorizationQueryParametersError');
      }
    });

    it('refuses a body of unknown length', async () => {
      const { client, bucket } = bed();
      const url = await presign(client, new PutObjectCommand({ Bucket: bucket, Key: newKey() }));
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(newBytes(3));
          controller.close();
        },
      });

      const refused = await fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);

      await assertRefusal(refused, 411, 'MissingContentLength');
    });
  });

  describe('a presigned GET or HEAD', () => {
    it('answers overridden headers, when they were signed', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(3) }));
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key,
        ResponseContentDisposition: 'attachment; filename="a b.txt"',
        ResponseContentType: 'text/x-test',
      });
      const url = await presign(client, command);

      const got = await fetch(url);

      assert.equal(got.headers.get('content-disposition'), 'attachment; filename="a b.txt"');
      assert.equal(got.headers.get('content-type'), 'text/x-test');
      await assertRefusal(await fetch(url.replace('x-test', 'html')), 403, 'SignatureDoesNotMatch');
    });

    it('answers HEAD without a body, errors included', async () => {
      const { client, bucket } = bed();
      const Key = newKey();
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: newBytes(30) }));

      const head = await fetch(await presign(client, new HeadObjectCommand({ Bucket: bucket, Key })), {
        method: 'HEAD',
      });
      const missing = await fetch(
        await presign(client, new HeadObjectCommand({ Bucket: bucket, Key: newKey() })),
        { method: 'HEAD' },
      );

      assert.deepEqual([head.status, head.headers.get('content-length')], [200, '30']);
      assert.equal(missing.status, 404);
    });

    it('refuses a request that is not signed at all', async () => {
      const { store, bucket } = bed();

      await assertRefusal(await fetch(`${store.endpoint}/${bucket}/${newKey()}`), 403, 'AccessDenied');
    });
  });
}
