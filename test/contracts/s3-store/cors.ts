// What a page of another origin may do: exactly what the bucket's rules say.
import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRejects, createTestBed, newBytes, newKey, presign, put } from './test-bed.js';
import type { OpenTestBed, Quirks, TestBed } from './test-bed.js';

const ORIGIN = 'https://app.example.com';
const RULE = {
  AllowedOrigins: [ORIGIN, 'https://*.dev.example.com'],
  AllowedMethods: ['PUT', 'GET'],
  AllowedHeaders: ['content-type', 'x-amz-meta-*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 600,
};

export function corsContract(bed: OpenTestBed, quirks: Quirks): void {
  describe('CORS', () => {
    it('is denied until there are rules', async () => {
      const own = await createTestBed(bed().store);

      const preflight = await ask(own, { origin: ORIGIN, 'access-control-request-method': 'PUT' });

      assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [403, null]);
      await assertRejects(
        own.client.send(new GetBucketCorsCommand({ Bucket: own.bucket })),
        404,
        'NoSuchCORSConfiguration',
      );
    });

    it('rules are kept, given back and deleted', async () => {
      const own = await openBucket(bed());

      const { CORSRules = [] } = await own.client.send(new GetBucketCorsCommand({ Bucket: own.bucket }));
      await own.client.send(new DeleteBucketCorsCommand({ Bucket: own.bucket }));

      assert.deepEqual(CORSRules[0]?.AllowedOrigins?.toSorted(), RULE.AllowedOrigins.toSorted());
      assert.deepEqual(CORSRules[0]?.MaxAgeSeconds, 600);
      await assertRejects(
        own.client.send(new GetBucketCorsCommand({ Bucket: own.bucket })),
        404,
        'NoSuchCORSConfiguration',
      );
    });

    it('answers a preflight of an allowed origin, method and headers', async () => {
      const own = await openBucket(bed());

      const preflight = await ask(own, {
        origin: ORIGIN,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,x-amz-meta-name',
      });

      assert.equal(preflight.status, 200);
      assert.equal(preflight.headers.get('access-control-allow-origin'), ORIGIN);
      assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PUT/);
      assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-amz-meta-name/);
      assert.equal(preflight.headers.get('access-control-max-age'), '600');
      assert.match(preflight.headers.get('vary') ?? '', /origin/i);
    });

    it('matches one wildcard in an origin', async () => {
      const own = await openBucket(bed());
      const status = async (origin: string): Promise<number> =>
        (await ask(own, { origin, 'access-control-request-method': 'PUT' })).status;

      assert.equal(await status('https://branch-7.dev.example.com'), 200);
      assert.equal(await status('https://dev.example.com'), 403);
      assert.equal(await status('https://x.dev.example.com.evil.test'), 403);
    });

    it('refuses the preflight of another origin, method or header', async () => {
      const own = await openBucket(bed());
      const refused = [
        { origin: 'https://evil.test', 'access-control-request-method': 'PUT' },
        { origin: ORIGIN, 'access-control-request-method': 'DELETE' },
        {
          origin: ORIGIN,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'x-other',
        },
      ];

      for (const headers of refused) {
        const preflight = await ask(own, headers);
        assert.deepEqual(
          [preflight.status, preflight.headers.get('access-control-allow-origin')],
          [403, null],
        );
      }
    });

    it('lets an allowed page read the answer to its PUT, ETag included, and no other page', async () => {
      const own = await openBucket(bed());
      const url = await presign(own.client, new PutObjectCommand({ Bucket: own.bucket, Key: newKey() }));

      const allowed = await put(url, newBytes(3), { origin: ORIGIN });
      const other = await put(url, newBytes(3), { origin: 'https://evil.test' });

      assert.deepEqual([allowed.status, allowed.headers.get('access-control-allow-origin')], [200, ORIGIN]);
      assert.match(allowed.headers.get('access-control-expose-headers') ?? '', /etag/i);
      assert.deepEqual([other.status, other.headers.get('access-control-allow-origin')], [200, null]);
    });

    it('answers a star to everybody when the rule says star', async () => {
      const own = await openBucket(bed(), { ...RULE, AllowedOrigins: ['*'] });
      const Key = newKey();
      await own.client.send(new PutObjectCommand({ Bucket: own.bucket, Key, Body: 'x' }));

      const got = await fetch(await presign(own.client, new GetObjectCommand({ Bucket: own.bucket, Key })), {
        headers: { origin: 'https://any.test' },
      });

      assert.equal(got.headers.get('access-control-allow-origin'), '*');
    });

    it('lets the page read why it was refused', { skip: quirks.corsOnErrors ?? false }, async () => {
      const own = await openBucket(bed());
      const url = await presign(
        own.client,
        new PutObjectCommand({ Bucket: own.bucket, Key: newKey(), ContentLength: 3 }),
      );

      const refused = await put(url, newBytes(4), { origin: ORIGIN });

      assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [403, ORIGIN]);
    });
  });
}

async function openBucket(bed: TestBed, rule: typeof RULE = RULE): Promise<TestBed> {
  const own = await createTestBed(bed.store);
  await own.client.send(
    new PutBucketCorsCommand({ Bucket: own.bucket, CORSConfiguration: { CORSRules: [rule] } }),
  );
  return own;
}

function ask({ store, bucket }: TestBed, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${store.endpoint}/${bucket}/any/key`, { method: 'OPTIONS', headers });
}
