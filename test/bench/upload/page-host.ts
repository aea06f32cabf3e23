// Serves one page for each contender, on an origin that is neither the signer's nor storage's.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { bundlePages } from '../bundle-pages.js';
import type { ContenderSpec } from './contenders.js';
import type { PageConfig } from './page/harness.js';

export interface PageHost {
  addressOf(contender: ContenderSpec, signer: string): string;
  close(): void;
}

/** @param peers - Where the peers are installed; their pages are bundled only when one takes part. */
export async function servePages(contenders: readonly ContenderSpec[], peers = ''): Promise<PageHost> {
  const names = [...new Set(contenders.map(({ script }) => script))];
  const folder = resolve(import.meta.dirname, 'page');
  const assets = await bundlePages({ folder, names, peers, format: 'iife' });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const asset = assets.get(url.pathname);
    const type = url.pathname.endsWith('.js') ? 'text/javascript' : 'text/css';
    if (asset !== undefined) response.writeHead(200, { 'content-type': type }).end(asset);
    else if (url.pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(url, assets));
    } else response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: ({ script, siteKey, partBytes, hasDashboard = false }, signer) => {
      const config: PageConfig = { signer, siteKey, ...(partBytes !== undefined && { partBytes }) };
      const query = { script, config: JSON.stringify(config), ...(hasDashboard && { dashboard: '' }) };
      return `http://localhost:${port}/?${new URLSearchParams(query).toString()}`;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pageOf(url: URL, assets: ReadonlyMap<string, Uint8Array>): string {
  const script = url.searchParams.get('script') ?? '';
  const config = url.searchParams.get('config') ?? '{}';
  const { signer } = JSON.parse(config) as PageConfig;
  const styles = assets.has(`/${script}.css`) ? `<link rel="stylesheet" href="/${script}.css">` : '';
  const widget = script === 'ours' ? `<script type="module" src="${signer}/b2-uploader.js"></script>` : '';
  const dashboard = url.searchParams.has('dashboard') ? '<div id="dashboard"></div>' : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Upload bench</title>
    <link rel="icon" href="data:,">${styles}${widget}
    <input type="file" id="files" multiple>${dashboard}
    <script>globalThis.benchConfig = ${config};</script><script src="/${script}.js"></script></html>`;
}
