// Names of headers as a weapon: names that every object has, and names that no answer can carry.
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUCKET, codeOf, CREDENTIALS, filesIn, openBucket, sendRaw } from './open-bucket.js';

async function presignedPath(endpoint: string, query: Record<string, string>): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const { keyId: accessKeyId, applicationKey: secretAccessKey } = CREDENTIALS;
  const signer = new S3RequestPresigner({
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
  });
  const path = `/${BUCKET}/a`;
  const request = new HttpRequest({
    method: 'PUT',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path,
    query,
  });
  const signed = await signer.presign(request, { expiresIn: 60 });
  const pairs = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${path}?${pairs.join('&')}`;
}

describe('a signed header', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasownproperty']) {
    it(`called ${name} is one that was not sent`, async (t) => {
      const { bucket } = await openBucket(t);
      const { endpoint } = bucket;
      const path = (await presignedPath(endpoint, {})).replace(
        'SignedHeaders=host',
        `SignedHeaders=host%3B${name}`,
      );

      const answer = await sendRaw(endpoint, { method: 'PUT', path, body: 'x' });

      assert.equal(answer.status, 403);
    });
  }
});

describe('a metadata name', () => {
  for (const name of ['x-amz-meta-a b', 'x-amz-meta-é', 'x-amz-meta-a:b', 'x-amz-meta-a\n']) {
    it(`${JSON.stringify(name)} is refused, for no answer could carry it`, async (t) => {
      const { bucket, dir } = await openBucket(t);
      const { endpoint } = bucket;
      const before = await filesIn(dir);

      const answer = await sendRaw(endpoint, {
        method: 'PUT',
        path: await presignedPath(endpoint, { [name]: 'x' }),
        body: 'x',
      });

      assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidArgument']);
      assert.deepEqual(await filesIn(dir), before);
    });
  }
});
