// A photo with renditions and a description, from the page to the bucket: what is stored, and what page and receipts tell of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { launchChromium, servePage } from '../support/test-page.js';
import { startProcess, type RunningSigner } from '../support/test-process.js';

const RENDITIONS = [
  { name: 'thumb', maxWidth: 320, format: 'webp' },
  { name: 'card', maxWidth: 800 },
  { name: 'huge', maxWidth: 4000, format: 'webp' },
];

describe('a photo with renditions', () => {
  let browser: Browser;
  let signer: RunningSigner;

  before(async () => {
    [browser, signer] = await Promise.all([launchChromium(), startProcess()]);
  });
  after(async () => {
    await browser.close();
    await signer.close();
  });

  it('is stored with all of them, each as large as asked and never larger than the photo', async (t) => {
    const host = await servePage(`<!doctype html><title>Shop</title>
      <script type="module" src="${signer.url}/b2-uploader.js"></script>
      <b2-uploader site-key="${signer.site}" name="photo" value-format="json" no-auto
        renditions='${JSON.stringify(RENDITIONS)}'></b2-uploader>`);
    t.after(() => host.close());
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(host.origin);
    const photo = await paintPhoto(1200, 800);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /choose/i }).click();
    await (await chooser).setFiles({ name: 'boats.jpg', mimeType: 'image/jpeg', buffer: photo });

    const file = await page.evaluate(async () => {
      const uploader = document.querySelector('b2-uploader')!;
      uploader.uploads.engine.setAltText(uploader.files[0]!.id, 'Two boats');
      const done = new Promise((resolve) => uploader.addEventListener('b2-complete', resolve));
      uploader.start();
      await done;
      return { ...uploader.files[0]!, value: uploader.value[0] ?? '' };
    });

    assert.equal(file.error, null);
    const told = file.renditions.map(({ name, type, width, height }) => [name, type, width, height]);
    assert.deepEqual(told, [
      ['thumb', 'image/webp', 320, 213],
      ['card', 'image/jpeg', 800, 533],
      ['huge', 'image/webp', 1200, 800],
    ]);
    for (const { url, key, size, type, width, height, name, receipt } of file.renditions) {
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      const { format, ...stored } = await sharp(bytes).metadata();
      assert.deepEqual(
        [bytes.length, `image/${format}`, stored.width, stored.height],
        [size, type, width, height],
      );
      assert.equal(key.replace(/\.\w+$/, ''), `${file.key?.replace(/\.\w+$/, '')}.${name}`);
      assert.deepEqual(claimsOf(receipt).rendition, name);
      assert.equal(claimsOf(receipt).renditionOf, claimsOf(file.receipt ?? '').sub);
    }
    assert.deepEqual(
      file.srcset.split(', ').map((entry) => entry.split(' ')[1]),
      ['320w', '800w', '1200w'],
    );
    assert.equal(claimsOf(file.receipt ?? '').altText, 'Two boats');
    assert.ok((file.placeholder ?? '').length > 20);
    const { renditions, altText } = JSON.parse(file.value) as typeof file;
    assert.deepEqual([renditions, altText], [file.renditions, 'Two boats']);
  });
});

function paintPhoto(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#468', noise } })
    .jpeg()
    .toBuffer();
}

function claimsOf(receipt: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = receipt.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Readonly<Record<string, unknown>>;
}
