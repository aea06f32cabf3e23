// What goes wrong in browsers, on devices and with files on disks, in a real Chromium with the built widget.
import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { appendFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { sourceOf } from '../../support/bucket-oracle.js';
import {
  choose,
  type FaultPage,
  finished,
  launchVisitor,
  openFaultPage,
  ready,
} from '../../support/fault-page.js';
import { assertResumed, assertStored, IN_PARTS_BYTES, stopAtThird } from '../../support/fault-visit.js';

describe('the widget in Chromium', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchVisitor();
  });
  after(() => browser.close());

  const openPages = async (t: TestContext, serviceWorker?: string): Promise<FaultPage> => {
    const pages = await openFaultPage(browser, serviceWorker);
    t.after(() => pages.close());
    return pages;
  };

  for (const [title, sizeBytes] of [
    ['a small file', 50_000],
    ['a file in parts', IN_PARTS_BYTES],
  ] as const) {
    it(`${title} whose answer was lost is stored once`, async (t) => {
      const pages = await openPages(t);
      pages.stage.storage.rules.add({ method: 'PUT', times: 1, action: { swallow: true } });
      const path = await pages.makeFile(sizeBytes);
      const page = await pages.open();

      await choose(page, path);

      await assertStored(pages, page, path);
    });

    for (const year of [1999, 2038]) {
      it(`${title} is stored by a device that lives in ${year}`, async (t) => {
        const pages = await openPages(t);
        const path = await pages.makeFile(sizeBytes);
        const page = await pages.open((opened) =>
          opened.clock.setFixedTime(new Date(`${year}-01-01T00:00:00Z`)),
        );

        await choose(page, path);

        await assertStored(pages, page, path);
      });
    }
  }

  it('a bucket that hides ETags stores files in parts all the same', async (t) => {
    const pages = await openPages(t);
    pages.stage.storage.rules.add({ method: 'PUT', action: { hideHeaders: ['etag'] } });
    const path = await pages.makeFile(IN_PARTS_BYTES);
    const page = await pages.open();

    await choose(page, path);

    await assertStored(pages, page, path);
  });

  it('a bucket without CORS rules is told within ten seconds', async (t) => {
    const pages = await openPages(t);
    pages.stage.storage.rules.add({ action: { dropCors: true } });
    const path = await pages.makeFile(1000);
    const page = await pages.open();
    const startedAtMs = performance.now();

    await choose(page, path);
    const [file] = await finished(page);

    assert.equal(file?.error?.code, 'blocked-by-network');
    assert.ok(performance.now() - startedAtMs < 10_000);
    await pages.stage.verify([]);
  });

  it('a file waits while there is no network, and goes on when it is back', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages, 1);

    await pages.context.setOffline(true);
    pages.stage.storage.resetAll();
    await page.waitForFunction(() => document.querySelector('b2-uploader')!.files[0]?.notice === 'offline');
    pages.stage.storage.rules.clear();
    await pages.context.setOffline(false);

    await assertResumed(pages, page, path);
  });

  it('a file that is chosen again after a reload sends only what is missing', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages);

    await page.reload();
    pages.stage.storage.rules.clear();
    await ready(page);
    await choose(page, path);

    await assertResumed(pages, page, path);
  });

  it('a file that is chosen again after a crash sends only what is missing', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages);

    await page.goto('chrome://crash').catch(() => undefined);
    pages.stage.storage.rules.clear();
    const next = await pages.open();
    await choose(next, path);

    await assertResumed(pages, next, path);
  });

  it('another content under the same name, size and time is not mixed with what was sent', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages);
    const { atime, mtime } = await stat(path);

    await page.reload();
    pages.stage.storage.rules.clear();
    await writeFile(path, randomBytes(IN_PARTS_BYTES));
    await utimes(path, atime, mtime);
    await ready(page);
    await choose(page, path);

    const [file] = await finished(page);
    assert.equal(file?.status, 'complete');
    const { lost, corrupt, doubled } = await pages.stage.inspect([await sourceOf(await openAsBlob(path))]);
    assert.deepEqual({ lost, corrupt, doubled }, { lost: 0, corrupt: 0, doubled: 0 });
  });

  for (const [title, change, codes] of [
    ['changes on the disk', (path: string) => appendFile(path, 'more'), ['file-changed']],
    ['is deleted', (path: string) => unlink(path), ['file-missing', 'file-changed']],
  ] as const) {
    it(`a file that ${title} while it is sent says so`, async (t) => {
      const pages = await openPages(t);
      const { page, path } = await stopAtThird(pages);

      await change(path);
      pages.stage.storage.rules.clear();
      pages.stage.storage.resetAll();
      const [file] = await finished(page);

      assert.ok(codes.includes((file?.error?.code ?? '') as never), String(file?.error?.code));
      assert.equal((await pages.stage.inspect([])).objects, 0);
    });
  }

  it('a page that is left and come back to goes on', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages);
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => (document.title = persisted ? 'back' : 'new')),
    );

    await page.goto(`${pages.origin}/other`);
    pages.stage.storage.rules.clear();
    await page.goBack({ waitUntil: 'commit' });

    await page.waitForFunction(() => document.title === 'back');
    await assertResumed(pages, page, path);
  });

  it('a page whose database throws uploads without memory', async (t) => {
    const pages = await openPages(t);
    const path = await pages.makeFile(IN_PARTS_BYTES);
    const page = await pages.open((opened) =>
      opened.addInitScript(() => {
        Object.defineProperty(IDBFactory.prototype, 'open', {
          value: () => {
            throw new DOMException('No room.', 'QuotaExceededError');
          },
        });
      }),
    );

    await choose(page, path);

    await assertStored(pages, page, path);
  });

  it('two tabs with the same file never mix their parts', async (t) => {
    const pages = await openPages(t);
    const path = await pages.makeFile(IN_PARTS_BYTES);
    const [one, two] = [await pages.open(), await pages.open()];

    await Promise.all([choose(one, path), choose(two, path)]);
    const files = (await Promise.all([finished(one), finished(two)])).flat();

    assert.deepEqual(
      files.map(({ status }) => status),
      ['complete', 'complete'],
    );
    const sources = [...new Set(files.map(({ key }) => key))];
    const source = await sourceOf(await openAsBlob(path));
    await pages.stage.verify(sources.map(() => source));
  });

  it("a page's service worker that passes requests on changes nothing", async (t) => {
    const pages = await openPages(
      t,
      "addEventListener('activate', (event) => event.waitUntil(clients.claim())); addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));",
    );
    const path = await pages.makeFile(IN_PARTS_BYTES);
    const page = await pages.open();

    await choose(page, path);

    await assertStored(pages, page, path);
  });

  it("a page's service worker that answers for the signer is not believed", async (t) => {
    const pages = await openPages(
      t,
      `addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => {
        if (event.request.url.includes('/v1/uploads')) event.respondWith(new Response('{"ok":true}', { status: 200 }));
      });`,
    );
    const path = await pages.makeFile(1000);
    const page = await pages.open();

    await choose(page, path);
    const [file] = await finished(page);

    assert.equal(file?.error?.code, 'signer-unreachable');
    await pages.stage.verify([]);
  });
});
