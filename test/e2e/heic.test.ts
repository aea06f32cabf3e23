// A photo in HEIC, chosen in a browser that cannot read it: what the built widget makes of it, workers and decoder included.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, servePage } from '../support/test-page.js';
import { startProcess, type RunningSigner } from '../support/test-process.js';

const PHOTO = join(import.meta.dirname, '../fixtures/images/small.heif');
const PACKAGE = join(import.meta.dirname, '../../dist/npm');

describe('a photo in HEIC', () => {
  let browser: Browser;
  let signer: RunningSigner;

  before(async () => {
    [browser, signer] = await Promise.all([launchChromium(), startProcess()]);
  });
  after(async () => {
    await browser.close();
    await signer.close();
  });

  /** A page of another origin than the script's, as always. */
  const open = async (t: TestContext, scriptSource?: string): Promise<Page> => {
    const html = `<!doctype html><title>Shop</title><script type="module" src="${signer.url}/b2-uploader.js"></script>
      <b2-uploader site-key="${signer.site}" name="photo"></b2-uploader>`;
    const policy = `script-src ${signer.url} ${scriptSource}; worker-src blob:`;
    const host = await servePage(
      html,
      scriptSource === undefined ? {} : { 'content-security-policy': policy },
    );
    t.after(() => host.close());
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(host.origin);
    return page;
  };

  it('is stored as a JPEG', async (t) => {
    const page = await open(t);

    const file = await finish(page);

    const size = { width: 640, height: 426 };
    const stored = { name: 'small.jpg', type: 'image/jpeg', ...size, status: 'complete', code: undefined };
    assert.deepEqual(file, stored);
  });

  it('is stored as a JPEG where a content security policy allows WebAssembly', async (t) => {
    const page = await open(t, "'wasm-unsafe-eval'");

    const file = await finish(page);

    assert.equal(file.type, 'image/jpeg');
    assert.equal(file.status, 'complete');
  });

  it('becomes a JPEG by the npm package, which finds the decoder beside itself', async (t) => {
    const files = createServer((request, response) => {
      const type = { 'content-type': request.url?.endsWith('.js') ? 'text/javascript' : 'text/html' };
      readFile(join(PACKAGE, request.url ?? '')).then(
        (text) => response.writeHead(200, type).end(text),
        () => response.writeHead(request.url === '/page' ? 200 : 404, type).end(),
      );
    });
    await once(files.listen(0, '127.0.0.1'), 'listening');
    t.after(() => {
      files.closeAllConnections();
      files.close();
    });
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(`http://localhost:${(files.address() as AddressInfo).port}/page`);
    const bytes = (await readFile(PHOTO)).toString('base64');

    const type = await page.evaluate(async (base64) => {
      const photo = await (await fetch(`data:image/heif;base64,${base64}`)).blob();
      const entry = '/image.js';
      const { transformImage } = await import(entry);
      return (await transformImage(photo)).type as string;
    }, bytes);

    assert.equal(type, 'image/jpeg');
  });

  it('is stored as it is, without its metadata, where the policy forbids WebAssembly', async (t) => {
    const page = await open(t, '');

    const file = await finish(page);

    assert.deepEqual([file.type, file.status], ['image/heif', 'complete']);
  });
});

/** @returns The photo's snapshot, once nothing is left to do. */
async function finish(page: Page) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /choose/i }).click();
  await (await chooser).setFiles(PHOTO);
  await page.waitForFunction(() => {
    const [file] = document.querySelector('b2-uploader')!.files;
    return file?.status === 'complete' || file?.status === 'failed';
  });
  return page.evaluate(() => {
    const { name, type, width, height, status, error } = document.querySelector('b2-uploader')!.files[0]!;
    return { name, type, width, height, status, code: error?.code };
  });
}
