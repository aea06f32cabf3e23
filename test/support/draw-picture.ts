// Draws demo/widget.png, the picture at the top of the README: the built widget at work on the local bucket.
import { mkdtemp, copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium, servePage } from './test-page.js';
import { startProcess } from './test-process.js';

const ROOT = join(import.meta.dirname, '../..');
const PHOTOS = {
  'Garden in the morning.jpg': 'gps-nikon.jpg',
  'IMG_2041.jpg': 'orientation-landscape-1.jpg',
  'Workshop, Saturday.jpg': 'photo-2725x2225.jpg',
  'screen-recording.mov': 'photo-2725x2225.jpg',
} as const;

const [signer, browser, folder] = await Promise.all([startProcess(), launchChromium(), copyPhotos()]);
const host = await servePage(`<!doctype html><title>Picture</title>
  <style>body { font: 16px system-ui, sans-serif; margin: 0; padding: 24px; width: 712px }</style>
  <script type="module" src="${signer.url}/b2-uploader.js"></script>
  <b2-uploader site-key="${signer.site}" name="photos" accept="image/*" max-size="10MB" max-files="10" multiple></b2-uploader>`);
try {
  const page = await browser.newPage({ viewport: { width: 760, height: 640 }, deviceScaleFactor: 2 });
  await page.goto(host.origin);
  const [first = '', second = '', third = '', movie = ''] = Object.keys(PHOTOS).map((name) =>
    join(folder, name),
  );
  await choose(page, first, second);
  await page.waitForFunction(
    () => document.querySelector('b2-uploader')?.files.every((file) => file.url) ?? false,
  );
  await slowDown(page);
  await choose(page, third, movie);
  await page.waitForFunction(() => (document.querySelector('b2-uploader')?.files[2]?.progress ?? 0) > 0.5);
  await page.locator('body').screenshot({ path: join(ROOT, 'demo/widget.png') });
} finally {
  await browser.close();
  await host.close();
  await signer.close();
  await rm(folder, { recursive: true, force: true });
}

async function copyPhotos(): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), 'b2-uploader-picture-'));
  for (const [name, fixture] of Object.entries(PHOTOS)) {
    await copyFile(join(ROOT, 'test/fixtures/images', fixture), join(target, name));
  }
  return target;
}

async function choose(page: Page, ...paths: string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page
    .getByRole('button', { name: /choose|add/i })
    .first()
    .click();
  await (await chooser).setFiles(paths);
}

/** A phone's uplink, so that one photo is still on its way. */
async function slowDown(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const conditions = { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 60_000 };
  await client.send('Network.emulateNetworkConditions', conditions);
}
