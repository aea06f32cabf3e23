// The hasher as bundles have it, on pages whose content security policy forbids WebAssembly, or workers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import viteConfig from '../../../../vite.config.js';
import { launchChromium } from '../../../support/test-page.js';

const ENTRY = new URL('../../../../widget/engine/md5/hasher.ts', import.meta.url).pathname;
const ABC = 'kAFQmDzST7DWlj99KOF/cg==';
/** Counts the workers, and what their WebAssembly says; then hashes. */
const PAGE = `<!doctype html><script type="module">
  const { Worker } = globalThis;
  globalThis.workers = 0;
  globalThis.Worker = class extends Worker { constructor(...args) { super(...args); workers += 1; } };
  globalThis.refused = [];
  document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
  const { createHasher } = await import('/hasher.js');
  globalThis.hasher = createHasher();
</script>`;

/** The module and its chunks, by file name, made with the plugins of the package's own bundle. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const config = viteConfig({ mode: 'package', command: 'build' });
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: config.plugins ?? [],
    worker: config.worker ?? {},
    build: {
      target: 'es2022',
      write: false,
      lib: { entry: ENTRY, formats: ['es'], fileName: () => 'hasher.js' },
    },
  })) as Rolldown.RolldownOutput[];
  const files = output.flatMap((part) => part.output);
  return new Map(files.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : '']));
}

const hash = (page: Page) =>
  page.evaluate(async () => {
    const { hasher } = globalThis as unknown as {
      hasher: { md5(b: Blob, s: AbortSignal): Promise<string> };
    };
    const { signal } = new AbortController();
    const digests = [
      await hasher.md5(new Blob(['abc']), signal),
      await hasher.md5(new Blob(['abc']), signal),
    ];
    const { workers, refused } = globalThis as unknown as { workers: number; refused: readonly string[] };
    return { digests, workers, refused };
  });

describe('the hasher on pages with a content security policy', () => {
  let browser: Browser;
  let files: ReadonlyMap<string, string>;

  before(async () => {
    [browser, files] = await Promise.all([launchChromium(), bundle()]);
  });
  after(() => browser.close());

  const open = async (t: TestContext, policy: string) => {
    const requested: string[] = [];
    const server = createServer(({ url = '/' }, response) => {
      requested.push(url);
      const code = files.get(url);
      const type = code === undefined ? 'text/html' : 'text/javascript';
      response
        .writeHead(200, { 'content-type': type, ...(policy && { 'content-security-policy': policy }) })
        .end(code ?? PAGE);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
    await page.waitForFunction(() => 'hasher' in globalThis);
    /** Loaded to hash on the page. */
    const isHashedHere = () => requested.some((url) => url.startsWith('/hash-gently'));
    return { page, isHashedHere };
  };
  it('runs its worker from its own text, with WebAssembly', async (t) => {
    const { page, isHashedHere } = await open(t, '');

    assert.deepEqual(await hash(page), { digests: [ABC, ABC], workers: 1, refused: [] });
    assert.equal(isHashedHere(), false);
  });

  it('hashes in its worker without WebAssembly', async (t) => {
    const { page, isHashedHere } = await open(t, "script-src 'self' 'unsafe-inline'; worker-src blob:");

    const { digests, workers, refused } = await hash(page);

    assert.deepEqual([digests, workers, refused], [[ABC, ABC], 1, []]);
    assert.equal(isHashedHere(), false);
    const isRefused = await page.evaluate(() =>
      WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(
        () => false,
        () => true,
      ),
    );
    assert.equal(isRefused, true);
  });

  it('hashes on the page where no worker may start', async (t) => {
    const { page, isHashedHere } = await open(
      t,
      "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'",
    );

    const { digests, refused } = await hash(page);

    assert.deepEqual(digests, [ABC, ABC]);
    assert.equal(isHashedHere(), true);
    assert.ok(refused.includes('worker-src'), refused.join());
  });

  it('hashes on the page without WebAssembly', async (t) => {
    const { page, isHashedHere } = await open(t, "script-src 'self' 'unsafe-inline'; worker-src 'none'");

    const { digests, refused } = await hash(page);

    assert.deepEqual(digests, [ABC, ABC]);
    assert.equal(isHashedHere(), true);
    assert.deepEqual([...new Set(refused)].sort(), ['script-src', 'worker-src']);
  });
});
