// The B2 profile: what Backblaze does otherwise than AWS, so that a signer meets it before its users do.
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRejects } from '../../contracts/s3-store/test-bed.js';
import { BUCKET, codeOf, openBucket, sendRaw } from './open-bucket.js';

describe('the B2 profile', () => {
  it('answers 501 to conditional writes', async (t) => {
    const { client } = await openBucket(t, { profile: 'b2' });
    const put = (condition: object) =>
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x', ...condition }));

    await assertRejects(put({ IfNoneMatch: '*' }), 501, 'NotImplemented');
    await assertRejects(put({ IfMatch: '"abc"' }), 501, 'NotImplemented');
    await put({});
  });

  it('answers 501 to form uploads and refuses tags', async (t) => {
    const { client, bucket } = await openBucket(t, { profile: 'b2' });
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' })));

    const form = await sendRaw(bucket.endpoint, {
      method: 'POST',
      path: `/${BUCKET}`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x--',
    });
    const tagged = client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x', Tagging: 'a=b' }));

    assert.equal(url.pathname, `/${BUCKET}/a`);
    assert.deepEqual([form.status, codeOf(form)], [501, 'NotImplemented']);
    await assertRejects(tagged, 501, 'NotImplemented');
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'b', Body: 'x' }));
    const copy = {
      Bucket: BUCKET,
      Key: 'c',
      CopySource: `${BUCKET}/b`,
      Tagging: 'a=b',
      TaggingDirective: 'REPLACE',
    } as const;
    await assertRejects(client.send(new CopyObjectCommand(copy)), 501, 'NotImplemented');
  });

  it('keeps versions in every bucket, always', async (t) => {
    const { client } = await openBucket(t, { profile: 'b2' });
    for (const Body of ['1', '2'])
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body }));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    const list = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    const suspend = client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Suspended' } }),
    );

    assert.deepEqual([list.Versions?.length, list.DeleteMarkers?.length], [2, 1]);
    assert.equal((await client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status, 'Enabled');
    await assertRejects(suspend, 501, 'NotImplemented');
  });

  it('answers 503 SlowDown on demand, readable by the page', async (t) => {
    let isSlow = false;
    const { client } = await openBucket(t, { profile: 'b2', slowDown: () => isSlow });
    const rule = { AllowedOrigins: ['https://app.example.com'], AllowedMethods: ['PUT'] };
    await client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules: [rule] } }));
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const put = () =>
      fetch(url, { method: 'PUT', body: new Uint8Array(3), headers: { origin: 'https://app.example.com' } });

    isSlow = true;
    const slow = await put();
    isSlow = false;
    const fine = await put();

    assert.equal(slow.status, 503);
    assert.match(await slow.text(), /<Code>SlowDown<\/Code>/);
    assert.equal(slow.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.ok(Number(slow.headers.get('retry-after')) > 0);
    assert.equal(fine.status, 200);
  });
});
