// What networks do to a real Chromium with the built widget: names that are not found, redirects, a network that is gone or said to be.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { choose, type FaultPage, finished, launchVisitor, openFaultPage } from '../../support/fault-page.js';
import { eventually } from '../../support/fault-run.js';
import { assertResumed, assertStored, IN_PARTS_BYTES, stopAtThird } from '../../support/fault-visit.js';

const NINETY_SECONDS_MS = 90_000;
const PROBE_MS = 15_000;

describe('a network in Chromium', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchVisitor();
  });
  after(() => browser.close());

  const openPages = async (t: TestContext): Promise<FaultPage> => {
    const pages = await openFaultPage(browser);
    t.after(() => pages.close());
    return pages;
  };

  for (const [title, sizeBytes] of [
    ['a small file', 50_000],
    ['a file in parts', IN_PARTS_BYTES],
  ] as const) {
    for (const road of ['storage', 'signer'] as const) {
      it(`${title} waits while the name of the ${road} is not found`, async (t) => {
        const pages = await openPages(t);
        const path = await pages.makeFile(sizeBytes);
        const page = await pages.open();
        const address = `${pages.stage[road].url}/**`;
        await page.route(address, (route) => route.abort('namenotresolved'));

        await choose(page, path);
        const notice = road === 'storage' ? 'storage-unavailable' : 'signer-unreachable';
        await untilNotice(page, notice);
        await page.unroute(address);

        await assertStored(pages, page, path);
      });
    }
  }

  for (const isOpen of [true, false]) {
    it(`storage that redirects to ${isOpen ? 'an open' : 'a closed'} door ends the file`, async (t) => {
      const pages = await openPages(t);
      const elsewhere = await openElsewhere(t, isOpen);
      const headers = { location: `${elsewhere}/bucket/key` };
      pages.stage.storage.rules.add({ action: { status: 307, headers } });
      const path = await pages.makeFile(50_000);
      const page = await pages.open();

      await choose(page, path);
      const [file] = await finished(page);

      assert.equal(file?.error?.code, 'storage-error');
      assert.ok(pages.stage.storage.log.select({ method: 'PUT' }).length <= 2);
      pages.stage.storage.rules.clear();
      await pages.stage.verify([]);
    });
  }

  it('a file whose network is gone for 90 seconds goes on as soon as it is back', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages, 1, (opened) => opened.clock.install());

    await pages.context.setOffline(true);
    pages.stage.storage.resetAll();
    await untilNotice(page, 'offline');
    await page.clock.fastForward(NINETY_SECONDS_MS);
    await untilNotice(page, 'offline');
    // With its timers held, nothing but the event can wake it.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
    await pages.context.setOffline(false);
    const isTriedAgain = { method: 'PUT', partNumber: 3, rule: undefined };
    await eventually(async () => assert.equal(pages.stage.storage.log.select(isTriedAgain).length, 1));
    await page.clock.resume();

    await assertResumed(pages, page, path);
  });

  it('a browser that goes on saying that there is no network is not believed', async (t) => {
    const pages = await openPages(t);
    const { page, path } = await stopAtThird(pages, 1, (opened) => opened.clock.install());

    await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: false }));
    // A reset alone would not do: Chromium sends again by itself what was lost on a used connection.
    pages.stage.storage.setDown(true);
    await untilNotice(page, 'offline');
    pages.stage.storage.setDown(false);
    await page.clock.fastForward(PROBE_MS);

    await assertResumed(pages, page, path);
  });
});

async function untilNotice(page: Page, notice: string): Promise<void> {
  await page.waitForFunction(
    (expected) => document.querySelector('b2-uploader')!.files[0]?.notice === expected,
    notice,
  );
}

/** Where redirects point. @param isOpen - Whether its CORS rules let everybody in. */
async function openElsewhere(t: TestContext, isOpen: boolean): Promise<string> {
  const names = [
    'access-control-allow-origin',
    'access-control-allow-headers',
    'access-control-allow-methods',
  ];
  const headers = isOpen ? Object.fromEntries(names.map((name) => [name, '*'])) : {};
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, headers).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
