// A real page in a real browser: a site of its own origin with the snippet on it, driven as people do.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChrome } from './ensure-browser.mjs';

/** Launches the browser that the tests found. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChrome();
  if (executablePath === undefined)
    throw new Error('No Chrome found: node test/support/ensure-browser.mjs says how to get one.');
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

export interface HostPage {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves one HTML page on a localhost port of its own. */
export async function servePage(
  html: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HostPage> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Drags files or folders from the desktop onto an element, through the browser's own input. */
export async function dropFiles(page: Page, selector: string, paths: readonly string[]): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not on the page.`);
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const point = { x: box.x + box.width / 2, y: box.y + 40 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await client.send('Input.dispatchDragEvent', { type, ...point, data });
  }
  await client.detach();
}
