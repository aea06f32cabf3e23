// The signer on a real socket: what only raw bytes can say, and what must come back.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createSigner } from '../../../server/index.js';
import { serve, type RunningServer } from '../../../server/runtime/node.js';
import { fixedRegistry } from '../../../server/sites/site.js';
import { ORIGIN, SECRET, testSite } from '../../support/test-site.js';

const SITE = testSite();
const BODY = JSON.stringify({ siteKey: SITE.key, files: [{ name: 'a.jpg', size: 1, type: 'image/jpeg' }] });

interface Post {
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly length?: number | null;
  readonly body?: string;
}

/** An HTTP/1.1 request as text. */
function post({
  path = '/v1/uploads',
  headers = [`origin: ${ORIGIN}`],
  length,
  body = BODY,
}: Post = {}): string {
  const size = length === null ? [] : [`content-length: ${length ?? Buffer.byteLength(body)}`];
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    ...headers,
    ...size,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

describe('the signer on the wire', () => {
  let server: RunningServer;

  before(async () => {
    const app = createSigner({ sites: fixedRegistry([SITE]), secret: SECRET });
    server = await serve({ host: '127.0.0.1', port: 0, app, requestTimeoutMs: 600 });
  });
  after(() => server.close());

  /** Sends bytes, and gives everything that comes back until the server closes or has answered `count` times. */
  const send = async (bytes: string, count = 1): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.write(bytes);
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.split('HTTP/1.1 ').length > count && /\r\n\r\n[\s\S]/.test(answer)) socket.end();
    });
    await once(socket, 'close');
    return answer;
  };

  const cases: readonly [string, string, number][] = [
    ['a good request', post(), 201],
    ['a gigabyte declared and one byte sent', post({ length: 2 ** 30, body: '{' }), 413],
    ['a length that never comes', post({ length: 1000, body: '{' }), 408],
    [
      'chunks without end',
      post({
        headers: [`origin: ${ORIGIN}`, 'transfer-encoding: chunked'],
        length: null,
        body: '1\r\n{\r\n',
      }),
      408,
    ],
    [
      'chunks over the cap',
      post({
        headers: [`origin: ${ORIGIN}`, 'transfer-encoding: chunked'],
        length: null,
        body: `11000\r\n${' '.repeat(0x11000)}\r\n0\r\n\r\n`,
      }),
      413,
    ],
    ['both a length and chunks', post({ headers: [`origin: ${ORIGIN}`, 'transfer-encoding: chunked'] }), 400],
    ['two Origin headers', post({ headers: [`origin: ${ORIGIN}`, 'origin: https://evil.example'] }), 403],
    [
      'the right Referer and a wrong Origin',
      post({ headers: ['origin: https://evil.example', `referer: ${ORIGIN}/`] }),
      403,
    ],
    [
      'a forged Sec-Fetch-Site',
      post({ headers: ['origin: https://evil.example', 'sec-fetch-site: same-origin'] }),
      403,
    ],
    ['an Origin of eight kilobytes', post({ headers: [`origin: https://${'a'.repeat(8000)}.example`] }), 403],
    ['a header of 32 kilobytes', post({ headers: [`x-large: ${'a'.repeat(32_768)}`] }), 431],
    ['fields doubled in the query', post({ path: '/v1/uploads?siteKey=pk_other&bucket=x' }), 201],
    ['a line feed in a header', post({ headers: [`origin: ${ORIGIN}\u0000`] }), 400],
    ['garbage', 'NONSENSE\r\n\r\n', 400],
  ];
  for (const [title, bytes, status] of cases) {
    it(`answers ${title} with ${status}`, async () => {
      assert.deepEqual(statuses(await send(bytes)), [status]);
    });
  }

  it('lets the page read why a body was refused before it was whole', async () => {
    const answer = await send(post({ length: 70_000, body: '{' }));

    assert.deepEqual(statuses(answer), [413]);
    assert.match(answer, new RegExp(`access-control-allow-origin: ${ORIGIN}`));
  });

  it('answers pipelined requests each alone', async () => {
    const answer = await send(post() + post({ headers: ['origin: https://evil.example'] }) + post(), 3);

    assert.deepEqual(statuses(answer), [201, 403, 201]);
  });

  it('goes on as before after all that, and after ten thousand unknown sites', async () => {
    const { heapUsed } = process.memoryUsage();
    const url = `http://127.0.0.1:${server.port}`;
    for (let start = 0; start < 10_000; start += 200) {
      const batch = Array.from({ length: 200 }, (_, index) => `${url}/v1/sites/pk_${start + index}`);
      const answers = await Promise.all(
        batch.map((address) => fetch(address, { headers: { origin: ORIGIN } })),
      );
      assert.ok(answers.every(({ status }) => status === 404));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }

    assert.deepEqual(statuses(await send(post())), [201]);
    assert.ok(process.memoryUsage().heapUsed - heapUsed < 200e6);
  });
});

function statuses(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
}
