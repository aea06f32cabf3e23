// Path style and virtual-host style name the same object; what is not implemented says so.
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUCKET, codeOf, CREDENTIALS, openBucket, sendRaw } from './open-bucket.js';
import { signByHand } from './sign-by-hand.js';

const UNSIGNED = 'UNSIGNED-PAYLOAD';

describe('a bucket in the host name', () => {
  for (const base of ['localhost', 's3.localhost', 's3.us-east-1.localhost']) {
    it(`works at ${BUCKET}.${base}`, async (t) => {
      const { bucket } = await openBucket(t);
      const { port } = new URL(bucket.endpoint);
      const client = new S3Client({
        endpoint: `http://${base}:${port}`,
        region: 'us-east-1',
        forcePathStyle: false,
        credentials: { accessKeyId: CREDENTIALS.keyId, secretAccessKey: CREDENTIALS.applicationKey },
        requestChecksumCalculation: 'WHEN_REQUIRED',
      });
      const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a/ü' })));
      const path = `/${BUCKET}/a/%C3%BC`;
      const { headers } = signByHand({ method: 'GET', host: `${base}:${port}`, path, payloadHash: UNSIGNED });

      const put = await sendRaw(bucket.endpoint, {
        method: 'PUT',
        path: url.pathname + url.search,
        headers: { host: url.host, 'content-length': 5 },
        body: 'bytes',
      });
      const got = await sendRaw(bucket.endpoint, { path, headers });

      assert.equal(url.host, `${BUCKET}.${base}:${port}`);
      assert.deepEqual([put.status, got.status, got.body], [200, 200, 'bytes']);
    });
  }

  it('is part of what was signed', async (t) => {
    const { bucket } = await openBucket(t);
    const { headers } = signByHand({
      method: 'GET',
      host: `${BUCKET}.localhost`,
      path: '/a',
      payloadHash: UNSIGNED,
    });

    const answer = await sendRaw(bucket.endpoint, {
      path: '/a',
      headers: { ...headers, host: 'others.localhost' },
    });

    assert.deepEqual([answer.status, codeOf(answer)], [403, 'SignatureDoesNotMatch']);
  });
});

describe('what the local bucket has not', () => {
  for (const path of [
    `/${BUCKET}?acl=`,
    `/${BUCKET}?policy=`,
    `/${BUCKET}?encryption=`,
    `/${BUCKET}/a?tagging=`,
    `/${BUCKET}/a?attributes=`,
  ]) {
    it(`${path} answers 501`, async (t) => {
      const { bucket } = await openBucket(t);
      const { headers } = signByHand({
        method: 'GET',
        host: new URL(bucket.endpoint).host,
        path,
        payloadHash: UNSIGNED,
      });

      const answer = await sendRaw(bucket.endpoint, { path, headers });

      assert.deepEqual([answer.status, codeOf(answer)], [501, 'NotImplemented']);
    });
  }

  it('refuses headers whose promise it could not keep', async (t) => {
    const { client } = await openBucket(t);
    const put = { Bucket: BUCKET, Key: 'a', Body: 'x' };
    const promises = [
      { ServerSideEncryption: 'aws:kms' },
      { StorageClass: 'GLACIER' },
      { ObjectLockLegalHoldStatus: 'ON' },
      { WebsiteRedirectLocation: '/b' },
    ] as const;

    for (const promise of promises) {
      await assert.rejects(client.send(new PutObjectCommand({ ...put, ...promise })), {
        name: 'NotImplemented',
      });
    }
    await assert.rejects(client.send(new PutObjectCommand({ ...put, ACL: 'public-read' })), {
      name: 'AccessControlListNotSupported',
    });
    await client.send(new PutObjectCommand({ ...put, ACL: 'private' }));
  });

  it('answers a method that a resource has not with the ones it has', async (t) => {
    const { bucket } = await openBucket(t);
    const path = '/';
    const { headers } = signByHand({
      method: 'DELETE',
      host: new URL(bucket.endpoint).host,
      path,
      payloadHash: UNSIGNED,
    });

    const answer = await sendRaw(bucket.endpoint, { method: 'DELETE', path, headers });

    assert.deepEqual([answer.status, codeOf(answer), answer.headers.allow], [405, 'MethodNotAllowed', 'GET']);
  });
});
