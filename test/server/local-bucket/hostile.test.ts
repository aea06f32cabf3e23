// Input that means harm, or makes no sense: a clear S3 error, no stack trace, no file outside the folder.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { assert as check, asyncProperty, constantFrom, string } from 'fast-check';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { BUCKET, codeOf, filesIn, openBucket, sendRaw } from './open-bucket.js';
import type { OpenBucket, RawAnswer } from './open-bucket.js';
import { signByHand } from './sign-by-hand.js';

const UNSIGNED = 'UNSIGNED-PAYLOAD';

describe('a hostile path', () => {
  for (const key of [
    '../../escaped',
    '%2e%2e/%2e%2e/escaped',
    '..%2f..%2fescaped',
    'a/../../escaped',
    'nul%00byte',
    '%ff%fe',
    '%zz',
    '%ED%A0%80',
  ]) {
    it(`${key} is refused`, async (t) => {
      const opened = await openBucket(t);
      const before = await readdir(dirname(opened.dir));

      const answer = await send(opened, { method: 'PUT', path: `/${BUCKET}/${key}`, body: 'x' });

      assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidURI']);
      assert.deepEqual(
        (await readdir(dirname(opened.dir))).filter((name) => name === 'escaped'),
        [],
      );
      assert.ok(before.length > 0);
      assert.equal((await filesIn(opened.dir)).length, 1);
    });
  }

  for (const key of ['a/../b', '...', 'C:%5Cwindows', '~', 'con', 'a%0Ab', '%F0%9F%98%80', 'a//b', './a']) {
    it(`${key} is a name like any other`, async (t) => {
      const opened = await openBucket(t);
      const path = `/${BUCKET}/${key}`;

      const put = await send(opened, { method: 'PUT', path, body: 'bytes' });
      const got = await send(opened, { path });

      assert.deepEqual([put.status, got.status, got.body], [200, 200, 'bytes']);
    });
  }

  it('of any characters gives an S3 answer', async (t) => {
    const opened = await openBucket(t);
    await check(
      asyncProperty(
        string({ unit: 'binary', maxLength: 60 }),
        constantFrom('GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD'),
        async (text, method) => {
          const path = `/${encodeURI(text).replaceAll('#', '%23')}`;
          const answer = await sendRaw(opened.bucket.endpoint, { method, path });

          assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
          assert.match(String(answer.headers['x-amz-request-id']), /^[0-9A-F]{16}$/);
          if (method !== 'HEAD') assert.match(answer.body, /^<\?xml .*<Error><Code>\w+<\/Code><Message>/s);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a hostile signature', () => {
  it('that is malformed gets a clear answer', async (t) => {
    const { bucket } = await openBucket(t);
    const authorizations = {
      'AWS4-HMAC-SHA256': 'AuthorizationHeaderMalformed',
      'AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b': 'AuthorizationHeaderMalformed',
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=,Signature=': 'AuthorizationHeaderMalformed',
      'AWS local-key:c2lnbmF0dXJl': 'InvalidRequest',
      'Bearer token': 'InvalidArgument',
      Basic: 'InvalidArgument',
    };

    for (const [authorization, code] of Object.entries(authorizations)) {
      const headers = {
        authorization,
        'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
        'x-amz-content-sha256': UNSIGNED,
      };
      assert.equal(
        codeOf(await sendRaw(bucket.endpoint, { path: `/${BUCKET}`, headers })),
        code,
        authorization,
      );
    }
  });

  it('with doubled or contradicting parameters is refused', async (t) => {
    const { bucket, client } = await openBucket(t);
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' })));
    const path = url.pathname + url.search;

    const doubled = await sendRaw(bucket.endpoint, { method: 'PUT', path: `${path}&X-Amz-Expires=604800` });
    const both = await sendRaw(bucket.endpoint, {
      method: 'PUT',
      path,
      headers: { authorization: 'AWS4-HMAC-SHA256 x' },
    });
    const token = await sendRaw(bucket.endpoint, { method: 'PUT', path: `${path}&X-Amz-Security-Token=x` });

    assert.deepEqual([doubled, both, token].map(codeOf), [
      'InvalidArgument',
      'InvalidArgument',
      'InvalidToken',
    ]);
  });

  it('for another region, service or day is refused', async (t) => {
    const { bucket, client } = await openBucket(t);
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: 'a' })));
    const path = url.pathname + url.search;

    for (const [from, to] of [
      ['us-east-1', 'eu-west-1'],
      ['%2Fs3%2F', '%2Fiam%2F'],
      [/%2F2\d{7}%2F/, '%2F20200101%2F'],
    ] as const) {
      const answer = await sendRaw(bucket.endpoint, { method: 'PUT', path: path.replace(from, to) });
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'AuthorizationQueryParametersError']);
    }
  });
});

describe('a hostile body', () => {
  const bomb = `<!DOCTYPE x [${'<!ENTITY a "aaaaaaaaaa">'.repeat(10)}]><CORSConfiguration>&a;</CORSConfiguration>`;
  const bodies = {
    'is not XML': ['<CORSConfiguration', 'MalformedXML'],
    'is empty': ['', 'MissingRequestBodyError'],
    'is another document': ['<Delete/>', 'MalformedXML'],
    'defines entities': [bomb, 'MalformedXML'],
    'is nested without end': ['<a>'.repeat(5000), 'MalformedXML'],
    'is not UTF-8': [Buffer.from([0x3c, 0xff, 0xfe, 0x3e]), 'MalformedXML'],
    'is too long': ['x'.repeat(70_000), 'MaxMessageLengthExceeded'],
    'pollutes prototypes': [
      '<CORSConfiguration><__proto__><a>1</a></__proto__></CORSConfiguration>',
      'MalformedXML',
    ],
    'has two wildcards': [
      '<CORSConfiguration><CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
      'InvalidRequest',
    ],
  } as const;
  for (const [name, [body, code]] of Object.entries(bodies)) {
    it(`that ${name} is refused`, async (t) => {
      const opened = await openBucket(t);

      const answer = await send(opened, {
        method: 'PUT',
        path: `/${BUCKET}?cors=`,
        body,
        headers: { 'content-md5': md5(body) },
      });

      assert.deepEqual([answer.status, codeOf(answer)], [400, code]);
    });
  }

  it('of a configuration needs a digest', async (t) => {
    const opened = await openBucket(t);

    const answer = await send(opened, {
      method: 'PUT',
      path: `/${BUCKET}?cors=`,
      body: '<CORSConfiguration/>',
    });

    assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidRequest']);
  });

  it('above 5 GiB is refused before it is sent', async (t) => {
    const opened = await openBucket(t);
    const path = `/${BUCKET}/huge`;
    const { headers } = signByHand({
      method: 'PUT',
      host: new URL(opened.bucket.endpoint).host,
      path,
      payloadHash: UNSIGNED,
    });
    const lines = Object.entries({
      ...headers,
      'content-length': 5 * 2 ** 30 + 1,
      expect: '100-continue',
    }).map(([name, value]) => `${name}: ${value}`);

    const answer = await sendBytes(
      opened.bucket.endpoint,
      `PUT ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`,
    );

    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /<Code>EntityTooLarge<\/Code>/);
  });

  it('that ends too early leaves nothing', async (t) => {
    const opened = await openBucket(t);
    const path = `/${BUCKET}/short`;
    const { headers } = signByHand({
      method: 'PUT',
      host: new URL(opened.bucket.endpoint).host,
      path,
      payloadHash: UNSIGNED,
    });
    const lines = Object.entries({ ...headers, 'content-length': 100 }).map(
      ([name, value]) => `${name}: ${value}`,
    );

    const answer = await sendBytes(
      opened.bucket.endpoint,
      `PUT ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\nonly this`,
    );

    assert.match(answer, /<Code>IncompleteBody<\/Code>/);
    assert.equal((await send(opened, { path })).status, 404);
    assert.deepEqual(await readdir(join(opened.dir, 'tmp')), []);
  });
});

describe('what is not HTTP', () => {
  it('is answered and shut out', async (t) => {
    const { bucket } = await openBucket(t);

    assert.match(
      await sendBytes(bucket.endpoint, 'hello\r\n\r\n'),
      /^HTTP\/1\.1 400 .*<Code>BadRequest<\/Code>/s,
    );
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`;
    assert.match(await sendBytes(bucket.endpoint, long), /<Code>RequestHeaderSectionTooLarge<\/Code>/);
  });
});

interface SignedRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signs the path as it stands, in its canonical form, and sends it as it stands. */
function send(
  { bucket }: OpenBucket,
  { method = 'GET', path, body = '', headers = {} }: SignedRequest,
): Promise<RawAnswer> {
  const canonical = canonicalPath(path);
  const signed = signByHand({
    method,
    host: new URL(bucket.endpoint).host,
    path: canonical,
    payloadHash: UNSIGNED,
    headers,
  });
  const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) };
  return sendRaw(bucket.endpoint, { method, path, headers: { ...signed.headers, ...length }, body });
}

function canonicalPath(path: string): string {
  const [pathname = '', ...query] = path.split('?');
  try {
    const encoded = encodeURIComponent(decodeURIComponent(pathname)).replaceAll('%2F', '/');
    return [encoded, ...query].join('?');
  } catch {
    return path;
  }
}

function md5(body: string | Buffer): string {
  return createHash('md5').update(body).digest('base64');
}

/** Writes bytes to the socket, ends its own side, and reads what comes back. */
async function sendBytes(endpoint: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  // A client that waits for "100 Continue" keeps its side open.
  if (bytes.includes('100-continue')) socket.write(bytes);
  else socket.end(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}
