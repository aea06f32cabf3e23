// Serves one page for each contender, the built widget, and just as much of a signer as a page without uploads asks for.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { TEST_POLICY } from '../../support/test-policy.js';
import { bundlePages } from '../bundle-pages.js';
import type { ContenderSpec } from './contenders.js';

export interface PageHost {
  addressOf(contender: ContenderSpec): string;
  close(): void;
}

const WIDGET = resolve(import.meta.dirname, '../../../dist/widget');

/** @param peers - Where the peers are installed. */
export async function servePages(contenders: readonly ContenderSpec[], peers = ''): Promise<PageHost> {
  const names = contenders.map(({ script }) => script);
  const folder = resolve(import.meta.dirname, 'page');
  const assets = await bundlePages({ folder, names, peers, format: 'iife' });
  const server = createServer((request, response) => void answer(assets, request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: ({ script }) => `http://localhost:${port}/?script=${script}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  assets: ReadonlyMap<string, Uint8Array>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
  const type = pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
  const asset = assets.get(pathname) ?? (await readWidget(pathname));
  if (pathname === '/') {
    const page = pageOf(searchParams.get('script') ?? '', assets);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  } else if (pathname.startsWith('/v1/sites/')) {
    const policy = JSON.stringify({ ...TEST_POLICY, siteKey: 'pk_bench' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(policy);
  } else if (asset) response.writeHead(200, { 'content-type': type }).end(asset);
  else response.writeHead(404).end();
}

function pageOf(script: string, assets: ReadonlyMap<string, Uint8Array>): string {
  const styles = assets.has(`/${script}.css`) ? `<link rel="stylesheet" href="/${script}.css">` : '';
  const widget = script === 'ours' ? '<script type="module" src="/b2-uploader.js"></script>' : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Thumbnail bench</title>
    <link rel="icon" href="data:,">${styles}${widget}<input type="file" id="files" multiple>
    <script src="/${script}.js"></script></html>`;
}

/** The script and its chunks, as `npm run build` made them. */
function readWidget(pathname: string): Promise<Uint8Array | undefined> {
  if (!/^\/(b2-uploader|assets\/[\w-]+)\.js$/.test(pathname)) return Promise.resolve(undefined);
  return readFile(join(WIDGET, pathname)).catch(() => undefined);
}
