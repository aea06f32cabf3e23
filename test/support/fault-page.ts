// A page with the built widget in a real browser, in front of a fault stage: what only browsers do goes wrong here.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { FileSnapshot } from '../../widget/engine/uploader.js';
import { findChrome } from './ensure-browser.mjs';
import { openFaultStage, type FaultStage } from './fault-stage.js';
import { PART_BYTES } from './fault-run.js';

const WIDGET = resolve(import.meta.dirname, '../../dist/widget');

export interface FaultPage {
  readonly stage: FaultStage;
  readonly context: BrowserContext;
  readonly origin: string;
  /** Opens another tab with the widget. @param before - Done before its scripts run. */
  open(before?: (page: Page) => Promise<unknown>): Promise<Page>;
  /** A new file on the disk of the visitor. */
  makeFile(sizeBytes: number): Promise<string>;
  close(): Promise<void>;
}

/** Chromium as visitors have it: pages that are left may come back as they were. */
export function launchVisitor(): Promise<Browser> {
  const executablePath = findChrome();
  if (executablePath === undefined)
    throw new Error('No Chrome found: node test/support/ensure-browser.mjs says how to get one.');
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, ignoreDefaultArgs });
}

/** @param serviceWorker - Script of a service worker at `/sw.js`, which the page installs first. */
export async function openFaultPage(browser: Browser, serviceWorker?: string): Promise<FaultPage> {
  const stage = await openFaultStage({ site: { multipart: { threshold: '5MiB' } } });
  const host = await serveHost(pageFor(stage, serviceWorker !== undefined), serviceWorker ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'b2-uploader-visitor-'));
  const context = await browser.newContext();
  await context.addInitScript(wishForParts, PART_BYTES);
  let files = 0;
  return {
    stage,
    context,
    origin: host.origin,
    async open(before) {
      const page = await context.newPage();
      page.on('filechooser', () => undefined);
      // The guard against leaving asks in words that nobody is here to read.
      page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
      await before?.(page);
      await page.goto(host.origin);
      await ready(page);
      return page;
    },
    async makeFile(sizeBytes) {
      const path = join(folder, `file-${(files += 1)}.bin`);
      await writeFile(path, randomBytes(sizeBytes));
      return path;
    },
    async close() {
      await context.close();
      await host.close();
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs in the page. No interception by the browser: that would answer preflights in storage's place. */
function wishForParts(partSizeHint: number): void {
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (typeof input !== 'string' || !input.endsWith('/v1/uploads') || typeof init?.body !== 'string')
      return original(input, init);
    const { files, ...rest } = JSON.parse(init.body) as { readonly files: readonly object[] };
    const wishes = files.map((file) => ({ ...file, partSizeHint }));
    return original(input, { ...init, body: JSON.stringify({ ...rest, files: wishes }) });
  };
}

/** Waits until the widget takes files. */
export async function ready(page: Page): Promise<void> {
  await page.getByRole('button', { name: /choose files/i }).waitFor();
}

export async function choose(page: Page, ...paths: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /choose files/i }).click();
  await (await chooser).setFiles([...paths]);
}

/** Snapshots, once every file is complete or failed. */
export async function finished(page: Page, count = 1): Promise<readonly FileSnapshot[]> {
  await page.waitForFunction((expected) => {
    const { files } = document.querySelector('b2-uploader')!;
    const isOver = files.every(({ status }) => status === 'complete' || status === 'failed');
    return files.length === expected && isOver;
  }, count);
  return page.evaluate(() => [...document.querySelector('b2-uploader')!.files]);
}

function pageFor({ signer, siteKey }: FaultStage, hasServiceWorker: boolean): string {
  const widget = `<b2-uploader site-key="${siteKey}" signer="${signer.url}" name="files" multiple></b2-uploader>`;
  const install = `await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));`;
  return `<!doctype html><title>Shop</title><form>${widget}</form>
    <script type="module">${hasServiceWorker ? install : ''} await import('/widget/b2-uploader.js');</script>`;
}

async function serveHost(html: string, serviceWorker: string) {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const isScript = path.startsWith('/widget/') || path === '/sw.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    if (path === '/sw.js') return response.end(serviceWorker);
    if (path === '/other') return response.end('<!doctype html><title>Elsewhere</title>');
    if (!isScript) return response.end(html);
    const name = basename(path);
    const file = join(WIDGET, path.includes('/assets/') ? 'assets' : '', name);
    return void readFile(file).then(
      (script) => response.end(script),
      () => response.writeHead(404).end(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close };
}
