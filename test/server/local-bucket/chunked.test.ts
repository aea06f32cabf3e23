// aws-chunked bodies, signed by hand: every chunk and the trailer must be what was signed.
import { GetObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { newBytes, sha256 } from '../../contracts/s3-store/test-bed.js';
import { BUCKET, codeOf, openBucket, sendRaw } from './open-bucket.js';
import type { OpenBucket, RawAnswer } from './open-bucket.js';
import { signByHand, signChunks } from './sign-by-hand.js';
import type { HandSigned } from './sign-by-hand.js';

const PATH = `/${BUCKET}/chunked`;
const CHUNKS = [Buffer.from(newBytes(65_536)), Buffer.from(newBytes(8192)), Buffer.from(newBytes(100))];
const BODY = Buffer.concat(CHUNKS);

describe('a body in signed chunks', () => {
  it('is stored without its frames', async (t) => {
    const opened = await openBucket(t);

    const answer = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', (seed) =>
      signChunks(seed, CHUNKS),
    );

    assert.equal(answer.status, 200, answer.body);
    assert.equal(await storedHash(opened), sha256(BODY));
  });

  it('is refused when a chunk was changed, swapped or left out', async (t) => {
    const opened = await openBucket(t);
    const [one, two, three] = CHUNKS.map((chunk) => chunk);
    assert.ok(one && two && three);
    const altered = (seed: HandSigned): Buffer => {
      const framed = signChunks(seed, CHUNKS);
      framed[200] = (framed[200] ?? 0) ^ 1;
      return framed;
    };
    const foreign = (seed: HandSigned): Buffer => signChunks({ ...seed, signature: 'a'.repeat(64) }, CHUNKS);

    for (const frame of [altered, foreign]) {
      const answer = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', frame);
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'SignatureDoesNotMatch']);
    }
    const short = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', (seed) =>
      signChunks(seed, [one, two]),
    );
    assert.deepEqual([short.status, codeOf(short)], [400, 'IncompleteBody']);
  });

  it('is refused without its last chunk, with garbage for frames, and with small chunks before the last', async (t) => {
    const opened = await openBucket(t);
    const [, , three] = CHUNKS;
    assert.ok(three);
    const cut = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', (seed) =>
      signChunks(seed, CHUNKS).subarray(0, -100),
    );
    const garbage = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', () =>
      Buffer.from('zz;what\r\n\r\n'),
    );
    const small = await send(opened, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', (seed) =>
      signChunks(seed, [three, BODY.subarray(100)]),
    );

    assert.deepEqual([cut, garbage, small].map(codeOf), [
      'IncompleteBody',
      'InvalidRequest',
      'InvalidChunkSizeError',
    ]);
  });

  it('is held to a signed trailer', async (t) => {
    const opened = await openBucket(t);
    const kind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
    const right = `x-amz-checksum-crc32:${crc32Of(BODY)}`;
    const wrong = `x-amz-checksum-crc32:${crc32Of(Buffer.from('other'))}`;

    const good = await send(opened, kind, (seed) => signChunks(seed, CHUNKS, right));
    const bad = await send(opened, kind, (seed) => signChunks(seed, CHUNKS, wrong));
    const forged = await send(opened, kind, (seed) =>
      Buffer.from(
        signChunks(seed, CHUNKS, right)
          .toString('latin1')
          .replace(/(trailer-signature:)./, '$1z'),
        'latin1',
      ),
    );

    assert.equal(good.status, 200, good.body);
    assert.deepEqual([codeOf(bad), codeOf(forged)], ['BadDigest', 'SignatureDoesNotMatch']);
  });

  it('may be unsigned with a checksum in the trailer', async (t) => {
    const opened = await openBucket(t);
    const kind = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    const frame = (checksum: string) => (): Buffer => {
      const head = Buffer.from(`${BODY.length.toString(16)}\r\n`);
      return Buffer.concat([head, BODY, Buffer.from(`\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`)]);
    };

    const bad = await send(opened, kind, frame(crc32Of(Buffer.from('other'))));
    const missing = await send(opened, kind, frame(''));
    const good = await send(opened, kind, frame(crc32Of(BODY)));

    assert.deepEqual([codeOf(bad), codeOf(missing)], ['BadDigest', 'MalformedTrailerError']);
    assert.equal(good.status, 200, good.body);
    assert.equal(await storedHash(opened), sha256(BODY));
  });
});

async function send(
  { bucket }: OpenBucket,
  payloadHash: string,
  frame: (seed: HandSigned) => Buffer,
): Promise<RawAnswer> {
  const seed = signByHand({
    method: 'PUT',
    host: new URL(bucket.endpoint).host,
    path: PATH,
    payloadHash,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(BODY.length),
      ...(payloadHash.endsWith('TRAILER') && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
    },
  });
  const body = frame(seed);
  return sendRaw(bucket.endpoint, {
    method: 'PUT',
    path: PATH,
    headers: { ...seed.headers, 'content-length': body.length },
    body,
  });
}

async function storedHash({ client }: OpenBucket): Promise<string> {
  const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'chunked' }));
  return createHash('sha256')
    .update((await got.Body?.transformToByteArray()) ?? '')
    .digest('hex');
}

function crc32Of(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}
