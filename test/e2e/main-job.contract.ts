// The main job as a visitor does it, in a real browser: choose or drop files on a page, find them in the bucket.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { sniffImage } from '../../widget/image/sniff.js';
import type { TestBucket } from '../support/test-bucket.js';
import { sha256Of } from '../support/test-bucket.js';
import { dropFiles, launchChromium, servePage, type HostPage } from '../support/test-page.js';
import type { RunningSigner } from '../support/test-process.js';

const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name);
const PLAIN = fixture('plain.txt');
const PHOTO = fixture('images/photo-2725x2225.jpg');

export interface Stage {
  readonly signer: RunningSigner;
  readonly bucket: TestBucket;
  close(): Promise<void>;
}

/** Runs the suite with a signer on some storage. */
export function mainJobContract(name: string, openStage: () => Promise<Stage>): void {
  describe(`the main job on ${name}`, () => {
    let stage: Stage;
    let browser: Browser;
    let host: HostPage;
    let page: Page;

    before(async () => {
      [stage, browser] = await Promise.all([openStage(), launchChromium()]);
      const { url, site } = stage.signer;
      host = await servePage(`<!doctype html><title>Shop</title>
        <script type="module" src="${url}/b2-uploader.js"></script>
        <form><b2-uploader site-key="${site}" name="files" max-width="2048" max-height="2048" multiple required></b2-uploader><button>Send</button></form>`);
    });
    after(async () => {
      await browser.close();
      await host.close();
      await stage.close();
    });
    beforeEach(async () => {
      page = await browser.newPage();
      // Chromium shows its own dialog, which nobody closes, to a key that comes before the interception is set up.
      page.on('filechooser', () => undefined);
      await page.goto(host.origin);
      await page.getByRole('button', { name: /choose/i }).waitFor();
    });
    afterEach(async () => {
      await page.close();
    });

    /** Snapshots of all files, once nothing is left to do. */
    const finished = async (count: number) => {
      await page.waitForFunction((expected) => {
        const { files } = document.querySelector('b2-uploader')!;
        return (
          files.length === expected &&
          files.every(({ status }) => status === 'complete' || status === 'failed')
        );
      }, count);
      return page.evaluate(() => [...document.querySelector('b2-uploader')!.files]);
    };
    const choose = async (...paths: string[]) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: /choose/i }).click();
      await (await chooser).setFiles(paths);
    };

    it('stores a file from the dialog byte for byte, once, and puts its address in the form', async () => {
      await choose(PLAIN);

      const [file] = await finished(1);

      assert.ok(file?.key);
      assert.equal(await stage.bucket.sha256(file.key), sha256Of(await readFile(PLAIN)));
      assert.equal(await stage.bucket.versions(file.key), 1);
      const entries = await page.evaluate(() => new FormData(document.forms[0]).getAll('files'));
      assert.deepEqual(entries, [file.url]);
    });

    it('scales down a dropped photo, right way up, and frees it of its metadata', async () => {
      await dropFiles(page, 'b2-uploader', [PHOTO, fixture('images/orientation-landscape-6.jpg')]);

      const files = await finished(2);

      for (const file of files) {
        const bytes = new Uint8Array(await (await fetch(file.url ?? '')).arrayBuffer());
        assert.equal(sha256Of(bytes), await stage.bucket.sha256(file.key ?? ''));
        const image = sniffImage(bytes);
        assert.ok((image?.width ?? 0) <= 2048 && (image?.height ?? 0) <= 2048);
        assert.ok((image?.width ?? 0) > (image?.height ?? 0));
        assert.equal(Buffer.from(bytes).includes('Exif'), false);
      }
      assert.equal(files[0]?.width, 2048);
    });

    it('opens the stored file by its link', async () => {
      await choose(PLAIN);
      await finished(1);

      const popup = page.context().waitForEvent('page');
      await page.getByRole('link', { name: /plain\.txt/i }).click();

      const opened = await popup;
      await opened.waitForLoadState();
      assert.match(await opened.locator('body').innerText(), /plain words/);
      await opened.close();
    });

    it('works by keyboard alone', async () => {
      await page.keyboard.press('Tab');
      const chooser = page.waitForEvent('filechooser');
      await page.keyboard.press('Enter');
      await (await chooser).setFiles(PLAIN);
      await finished(1);

      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press('Tab');
        if (/^remove/i.test(await focusedName(page))) break;
      }
      await page.keyboard.press('Enter');

      await page.waitForFunction(() => document.querySelector('b2-uploader')!.files.length === 0);
    });

    it('says what went wrong, and a retry stores the file once', async () => {
      let isBroken = true;
      await page.route(/X-Amz-Signature/, (route) =>
        isBroken ? route.abort('connectionreset') : route.continue(),
      );
      await choose(PLAIN);
      const [failed] = await finished(1);
      isBroken = false;

      await page
        .getByRole('button', { name: /retry|try again/i })
        .first()
        .click();
      await page.waitForFunction(
        () => document.querySelector('b2-uploader')!.files[0]?.status === 'complete',
      );

      const [file] = await finished(1);
      assert.equal(failed?.error?.code, 'blocked-by-network');
      assert.equal(await stage.bucket.versions(file?.key ?? ''), 1);
      assert.equal(await stage.bucket.sha256(file?.key ?? ''), sha256Of(await readFile(PLAIN)));
    });

    it('loses a removed file without a trace', async () => {
      const before = (await stage.bucket.keys()).length;
      await page.route(/X-Amz-Signature/, () => undefined);
      await choose(PLAIN);
      await page.waitForFunction(
        () => document.querySelector('b2-uploader')!.files[0]?.status === 'uploading',
      );

      await page.getByRole('button', { name: /^(remove|cancel) .*plain/i }).click();

      await page.waitForFunction(() => document.querySelector('b2-uploader')!.files.length === 0);
      assert.equal((await stage.bucket.keys()).length, before);
    });

    it('holds the form back while a file is on its way, then submits it once', async () => {
      await page.evaluate(() => {
        const form = document.forms[0]!;
        form.addEventListener('submit', (event) => {
          event.preventDefault();
          const { dataset } = document.body;
          dataset['sent'] = `${dataset['sent'] ?? ''}${JSON.stringify(new FormData(form).getAll('files'))}`;
        });
      });
      await choose(PLAIN);
      await page.getByRole('button', { name: 'Send' }).click();

      const [file] = await finished(1);
      await page.waitForFunction(() => document.body.dataset['sent'] !== undefined);

      assert.equal(await page.evaluate(() => document.body.dataset['sent']), JSON.stringify([file?.url]));
    });
  });
}

/** The accessible name of what has the focus, through shadow roots. */
async function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute('aria-label') ?? active?.textContent?.trim() ?? '';
  });
}
