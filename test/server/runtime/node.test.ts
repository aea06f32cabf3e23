// The HTTP server: slow and malformed requests, a taken port, the end with answers under way.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RuntimeEnv } from '../../../server/readiness.js';
import { Failure } from '../../../server/runtime/failure.js';
import { addressOf, clientAddress, serve, type RunningServer } from '../../../server/runtime/node.js';

const HELLO = { fetch: () => new Response('hello') };

async function started(
  fetch: (request: Request, env?: object) => Response | Promise<Response>,
  requestTimeoutMs = 9000,
): Promise<RunningServer> {
  return serve({ host: '127.0.0.1', port: 0, app: () => ({ fetch }), requestTimeoutMs });
}

async function open({ port }: RunningServer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('serve', () => {
  it('tells the app the address that people use', async () => {
    let told = '';
    const server = await serve({
      host: '127.0.0.1',
      port: 0,
      app: (url) => {
        told = url;
        return HELLO;
      },
    });

    assert.equal(told, `http://localhost:${server.port}`);
    assert.equal(await (await fetch(`http://127.0.0.1:${server.port}/`)).text(), 'hello');
    await server.close();
  });

  it('tells who calls, behind a trusted proxy too', async () => {
    const direct = clientAddress();
    const proxied = clientAddress(['127.0.0.0/8']);
    const server = await started((_request, env) => Response.json([direct({ env }), proxied({ env })]));
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' };
    const response = await fetch(`http://127.0.0.1:${server.port}/`, { headers });

    assert.deepEqual(await response.json(), ['127.0.0.1', '203.0.113.9']);
    await server.close();
  });

  it('lets go of a client that asks and never reads', async () => {
    const seen: Duplex[] = [];
    const fetch = (_: Request, env?: object) => {
      seen.push((env as { incoming: { socket: Duplex } }).incoming.socket);
      return new Response(new Uint8Array(4_000_000));
    };
    const server = await serve({ host: '127.0.0.1', port: 0, app: { fetch }, idleTimeoutMs: 200 });
    const socket = await open(server);
    socket.pause().on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20));
    while (seen.length === 0) await nextTurn();

    await once(seen[0] ?? assert.fail(), 'close');

    socket.destroy();
    await server.close();
  });

  it('says the way out when the port is taken', async () => {
    const first = await started(HELLO.fetch);
    const second = serve({ host: '127.0.0.1', port: first.port, app: () => HELLO });

    await assert.rejects(second, (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.exitCode, 1);
      assert.match(error.message, new RegExp(`Port ${first.port} is in use .* PORT=0`));
      return true;
    });
    await first.close();
  });

  it('says that a host is not of this machine', async () => {
    await assert.rejects(
      serve({ host: '192.0.2.1', port: 0, app: () => HELLO }),
      /no address of this machine/,
    );
  });

  it('stops listening when the app cannot be made', async () => {
    const failing = serve({
      host: '127.0.0.1',
      port: 0,
      app: () => {
        throw new Error('no app');
      },
    });

    await assert.rejects(failing, /no app/);
  });

  for (const [what, sent] of [
    ['nothing', ''],
    ['half a head', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['half a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx'],
    ['chunks without end', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n'],
  ] as const) {
    it(`ends a connection that sends ${what}`, async () => {
      const server = await started(async (request) => new Response(await request.text()), 100);
      const socket = await open(server);
      socket.write(sent);

      const answer = await text(socket);

      assert.match(answer, /^HTTP\/1.1 408 /);
      assert.match(answer, /"code":"request-timeout"/);
      await server.close();
    });
  }

  for (const [what, sent, status] of [
    [
      'length and chunks at once',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a head of 32 KiB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(32_768)}\r\n\r\n`, 431],
  ] as const) {
    it(`refuses ${what} with a problem`, async () => {
      const server = await started(HELLO.fetch);
      const socket = await open(server);
      socket.write(sent);

      const answer = await text(socket);

      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer, /content-type: application\/problem\+json\r\n/);
      await server.close();
    });
  }

  it('ends gracefully: answers under way arrive, and who comes meanwhile is answered', async () => {
    const events = new EventEmitter();
    const arrived = once(events, 'arrived');
    const server = await started(async (request, env: RuntimeEnv = {}) => {
      if (!request.url.endsWith('/slow')) return Response.json({ isStopping: env.stopping?.aborted });
      events.emit('arrived');
      await once(events, 'finish');
      return new Response('late but whole');
    });
    const address = `http://127.0.0.1:${server.port}`;
    const answer = fetch(`${address}/slow`);
    await arrived;

    const closed = server.close();
    const meanwhile = await fetch(address);
    events.emit('finish');

    assert.deepEqual(await meanwhile.json(), { isStopping: true });
    assert.equal(meanwhile.headers.get('connection'), 'close');
    assert.equal(await (await answer).text(), 'late but whole');
    await closed;
    await assert.rejects(open(server));
  });

  it('waits for nobody who never asked anything', { timeout: 5000 }, async () => {
    const server = await started(async () => new Response('here'));
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    await (await fetch(`http://127.0.0.1:${server.port}`)).text();
    const gone = once(silent, 'close');

    await server.close();

    await gone;
  });
});

describe('addressOf', () => {
  for (const [host, url] of [
    ['127.0.0.1', 'http://localhost:3000'],
    ['0.0.0.0', 'http://localhost:3000'],
    ['::1', 'http://localhost:3000'],
    ['192.0.2.7', 'http://192.0.2.7:3000'],
    ['2001:db8::7', 'http://[2001:db8::7]:3000'],
  ] as const) {
    it(`${host} is ${url}`, () => assert.equal(addressOf(host, 3000), url));
  }
});
