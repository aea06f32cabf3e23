// Serves one page for each contender: ours as the widget is built, the others in one script each.
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { build as buildOurs } from 'vite';
import { MAX_SIDE, type BenchCase } from './cases.js';
import { bundlePages } from '../bundle-pages.js';
import type { ContenderSpec } from './contenders.js';
import type { PageConfig } from './page/harness.js';

export interface PageHost {
  addressOf(contender: ContenderSpec, bench: BenchCase): string;
  /** @param loaded - Addresses of what a page loaded. */
  codeBytes(contender: ContenderSpec, loaded: readonly string[]): number;
  /** What the next page sends. */
  nextResult(): Promise<Buffer>;
  close(): void;
}

type Assets = ReadonlyMap<string, Uint8Array>;

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGES = resolve(import.meta.dirname, 'page');
const QUALITY = 0.85;

/** @param peers - Where the peers are installed; their pages are bundled only when one takes part. */
export async function servePages(contenders: readonly ContenderSpec[], peers = ''): Promise<PageHost> {
  const scripts = [...new Set(contenders.map(({ script }) => script))];
  const others = scripts.filter((script) => script !== 'ours');
  const assets = new Map([
    ...(scripts.includes('ours') ? await makeOurs() : []),
    ...(await makeOthers(others, peers)),
  ]);
  const results = new EventEmitter();
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return answer(assets, request, response);
    response.writeHead(204).end();
    void buffer(request).then((result) => results.emit('result', result));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: ({ script, variant, quality = QUALITY }, { type }) => {
      const config: PageConfig = {
        maxSide: MAX_SIDE,
        quality,
        type,
        ...(variant !== undefined && { variant }),
      };
      const query = new URLSearchParams({ script, config: JSON.stringify(config) });
      return `http://localhost:${port}/?${query.toString()}`;
    },
    codeBytes: ({ script }, loaded) => {
      const paths = script === 'ours' ? chunksOf(loaded) : [`/${script}.js`];
      return paths.reduce((sum, path) => sum + gzipSync(assets.get(path) ?? '', { level: 9 }).length, 0);
    },
    nextResult: async () => {
      const [result] = (await once(results, 'result')) as [Buffer];
      return result;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function chunksOf(loaded: readonly string[]): readonly string[] {
  return [...new Set(loaded.map((url) => new URL(url).pathname))].filter((path) => path !== '/ours.js');
}

function answer(assets: Assets, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://host');
  const asset = assets.get(url.pathname);
  if (url.pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(url));
  } else if (asset === undefined) response.writeHead(404).end();
  else {
    const type = url.pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    response.writeHead(200, { 'content-type': type }).end(asset);
  }
}

function pageOf(url: URL): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Resize bench</title>
    <link rel="icon" href="data:,"><input type="file" id="files" multiple>
    <script>globalThis.resizeConfig = ${url.searchParams.get('config') ?? '{}'};</script>
    <script type="module" src="/${url.searchParams.get('script') ?? ''}.js"></script></html>`;
}

/** Gzip of all that scales; the column of the tables also counts what sniffs, decodes, encodes and keeps metadata. */
export async function weighResizer(): Promise<number> {
  const code = await bundlePages({ folder: PAGES, names: ['resizer'], peers: '', format: 'esm' });
  return gzipSync(code.get('/resizer.js') ?? '', { level: 9 }).length;
}

/** From the sources as they are, by the widget's own build: what is measured is what would be shipped. */
async function makeOurs(): Promise<Assets> {
  const built = await buildOurs({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    mode: 'widget',
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(PAGES, 'ours.ts'), fileName: () => 'ours.js' },
    },
  });
  if (!Array.isArray(built)) throw new Error('The build gave no output.');
  return new Map(
    built
      .flatMap(({ output }) => output)
      .map((file) => [`/${file.fileName}`, Buffer.from(file.type === 'chunk' ? file.code : file.source)]),
  );
}

async function makeOthers(scripts: readonly string[], peers: string): Promise<Assets> {
  const assets = new Map(await bundlePages({ folder: PAGES, names: scripts, peers, format: 'esm' }));
  if (scripts.includes(BIC))
    assets.set(`/${BIC}.umd.js`, await readFile(join(peers, BIC, 'dist', `${BIC}.js`)));
  return assets;
}

const BIC = 'browser-image-compression';
