// The servers of the upload bench, in a process of their own: storage and signer, each on an origin of its own.
// Speaks over the parent's channel: first its addresses, then a report for each `report`; `reset` starts the count anew.
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Line } from './line.js';
import { ObjectStore, type StoreReport } from './object-store.js';
import { createSink } from './storage-sink.js';
import { createStubSigner, type StubSigner } from './stub-signer.js';

export interface Addresses {
  readonly signer: string;
  readonly storage: string;
}

/** What came in since the last reset. */
export interface ServerReport extends StoreReport {
  /** Calls of the signer's API, without preflights and without the script. */
  readonly signerCalls: number;
  readonly puts: number;
  /** PUTs that carried a `content-md5`. */
  readonly digests: number;
  readonly preflights: number;
  readonly refusals: number;
}

const WIDGET = resolve(import.meta.dirname, '../../../../dist/widget');

const store = new ObjectStore();
const counts = { puts: 0, digests: 0, preflights: 0, refusals: 0 };
let signerCalls = 0;

const lineFlag = process.argv.find((flag) => flag.startsWith('--line='));
const line = lineFlag === undefined ? undefined : new Line(Number(lineFlag.slice('--line='.length)) * 1e6);
const sink = createSink({ store, counts, checksMd5: process.argv.includes('--check'), line });
const storage = await listen(sink);
const thresholdBytes = process.argv.includes('--single') ? Number.MAX_SAFE_INTEGER : 16 * 2 ** 20;
const stub = createStubSigner({ store, storage, thresholdBytes });
const scripts = await readScripts();
const signer = await listen(createServer((request, response) => void answer(stub, request, response)));

process.on('message', (message) => {
  if (message === 'reset') {
    store.reset();
    Object.assign(counts, { puts: 0, digests: 0, preflights: 0, refusals: 0 });
    signerCalls = 0;
  }
  process.send?.({ ...store.report(), ...counts, signerCalls } satisfies ServerReport);
});
process.once('disconnect', () => process.exit(0));
process.send?.({ signer, storage } satisfies Addresses);

async function answer(stub: StubSigner, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://signer');
  const script = scripts.get(pathname);
  if (script) {
    const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' });
    response.end(script);
    return;
  }
  const cors = {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-expose-headers': 'x-request-id, retry-after',
    'cache-control': 'no-store',
    vary: 'origin',
  };
  if (request.method === 'OPTIONS') {
    const allowed = {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
    };
    response.writeHead(204, { ...cors, ...allowed, 'access-control-max-age': '600' }).end();
    return;
  }
  signerCalls += 1;
  const siteKey = /^\/v1\/sites\/(\w+)$/.exec(pathname)?.[1];
  const body = siteKey === undefined ? stub.answer(pathname, await readText(request)) : stub.policy(siteKey);
  const status = body === undefined ? 404 : pathname === '/v1/uploads' ? 201 : 200;
  response.writeHead(status, { ...cors, 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
}

/** The built widget, as the signer serves it. */
async function readScripts(): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(WIDGET, { recursive: true });
  const files = names.filter((name) => /\.(js|wasm)$/.test(name));
  return new Map(
    await Promise.all(files.map(async (name) => [`/${name}`, await readFile(join(WIDGET, name))] as const)),
  );
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  // Idle connections stay: a browser must not find one closed in the middle of a round.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
