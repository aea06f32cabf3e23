// A large body passes through: it never sits in memory.
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { it } from 'node:test';
import { MIB, newBytes } from '../../contracts/s3-store/test-bed.js';
import { startChildServer } from './child-server.js';
import { BUCKET, createClient, newFolder } from './open-bucket.js';

const TOTAL_BYTES = 320 * MIB;

it('takes and gives 320 MiB with a few dozen of memory', async (t) => {
  const server = await startChildServer(t, await newFolder(t));
  const client = createClient(server.endpoint);
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const [block, sent, got] = [newBytes(MIB), createHash('sha256'), createHash('sha256')];
  const body = Readable.from(
    (function* blocks() {
      for (let index = 0; index < TOTAL_BYTES / MIB; index += 1) {
        block[0] = index % 256;
        sent.update(block);
        yield Buffer.from(block);
      }
    })(),
  );
  const beforeBytes = await server.peakBytes();

  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'large' }));
  const sending = request(url, { method: 'PUT', agent: false, headers: { 'content-length': TOTAL_BYTES } });
  const answered = once(sending, 'response');
  await pipeline(body, sending);
  const [answer]: IncomingMessage[] = await answered;
  answer?.resume();
  const download = await fetch(
    await getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: 'large' })),
  );
  for await (const chunk of download.body ?? []) got.update(chunk);

  assert.equal(answer?.statusCode, 200);
  assert.equal(got.digest('hex'), sent.digest('hex'));
  const growthBytes = (await server.peakBytes()) - beforeBytes;
  assert.ok(growthBytes < 96 * MIB, `memory grew by ${Math.round(growthBytes / MIB)} MiB`);
});
