// A signer and a bucket in a few lines, for pictures of the widget: everything on one loopback address, nothing is kept.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEST_POLICY } from './test-policy.js';

export interface StubService {
  readonly url: string;
  /** Files whose name contains this meet a 405, as from a proxy in between: nothing that passes by itself. */
  failing: string;
  readonly close: () => void;
}

interface Pages {
  /** The built script. */
  readonly script: string;
  readonly page: (url: URL) => string;
}

const POLICY = {
  ...TEST_POLICY,
  siteKey: 'pk_stub',
  name: 'Stub',
  accept: ['image/*', '.pdf'],
  maxSizeBytes: 10_000_000,
  maxFiles: 250,
};

export async function startStubService({ script, page }: Pages): Promise<StubService> {
  const state = { failing: '\0' };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = addressOf(server);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url);
    const body = await readAll(request);
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (target.pathname === '/b2-uploader.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else if (target.pathname.startsWith('/v1/sites/'))
      json({ ...POLICY, siteKey: target.pathname.split('/').at(-1) });
    else if (target.pathname === '/v1/uploads') json({ uploads: plan(body, url) }, 201);
    else if (target.pathname === '/v1/uploads/complete') json({ files: finish(body, url) });
    else if (target.pathname.startsWith('/v1/')) json({ results: [] });
    else if (request.method === 'PUT') {
      const fails = decodeURIComponent(target.pathname).includes(state.failing);
      response.writeHead(fails ? 405 : 200, { etag: '"stub"' }).end();
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(page(target));
  }

  return {
    url,
    get failing() {
      return state.failing;
    },
    set failing(name) {
      state.failing = name || '\0';
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Ticket {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

let lastId = 0;

function plan(body: string, url: string): readonly object[] {
  const { files } = JSON.parse(body) as { files: readonly Omit<Ticket, 'id'>[] };
  return files.map(({ name, size, type }) => {
    const id = `stub${(lastId += 1)}`;
    const ticket = JSON.stringify({ id, name, size, type });
    const headers = { 'content-type': type || 'application/octet-stream' };
    const request = {
      method: 'PUT',
      url: `${url}/bucket/${encodeURIComponent(name)}`,
      headers,
      expiresInSeconds: 900,
    };
    return { id, ticket, strategy: 'put', request };
  });
}

function finish(body: string, url: string): readonly object[] {
  const { tickets } = JSON.parse(body) as { tickets: readonly string[] };
  return tickets.map((text) => {
    const ticket = JSON.parse(text) as Ticket;
    const key = `bucket/${encodeURIComponent(ticket.name)}`;
    return { ...ticket, key, url: `${url}/${key}`, etag: '"stub"', receipt: `receipt-of-${ticket.id}` };
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return request.method === 'POST' ? Buffer.concat(chunks).toString('utf8') : '';
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
