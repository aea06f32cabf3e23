// Pages that were written for Backblaze's article, and buckets that are not set up: the two ends of a first day.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, ConsoleMessage, Page } from 'playwright-core';
import { createTestBucket, sha256Of, startTestStore, type TestStore } from '../support/test-bucket.js';
import { launchChromium, servePage } from '../support/test-page.js';
import { startProcess } from '../support/test-process.js';

const PLAIN = join(import.meta.dirname, '../fixtures/plain.txt');

describe('the four variables', () => {
  let browser: Browser;
  let store: TestStore;

  before(async () => {
    [browser, store] = await Promise.all([launchChromium(), startTestStore('b2')]);
  });
  after(async () => {
    await browser.close();
    await store.close();
  });

  /** A bucket, and a signer on it that the four variables configure; both end with the test. */
  const start = async (t: TestContext, origins: readonly string[] = ['*'], env: NodeJS.ProcessEnv = {}) => {
    const bucket = await createTestBucket(store, origins);
    t.after(() => bucket.close());
    const { settings } = bucket;
    const signer = await startProcess({
      B2_ENDPOINT_URL: settings.endpoint,
      B2_BUCKET: settings.bucket,
      B2_KEY_ID: settings.keyId,
      B2_APPLICATION_KEY: settings.applicationKey,
      HOST: '127.0.0.1',
      ...env,
    });
    t.after(() => signer.close());
    return { bucket, signer };
  };
  const open = async (t: TestContext, html: string): Promise<Page> => {
    const host = await servePage(html);
    t.after(() => host.close());
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(host.origin);
    return page;
  };

  it('serve a page written for the article, unchanged', async (t) => {
    const { bucket, signer } = await start(t);
    const page = await open(
      t,
      `<!doctype html><input type="file" id="file"><script>
      document.getElementById('file').addEventListener('change', async (event) => {
        const file = event.target.files[0];
        const response = await fetch('${signer.url}/signed-request?name=' + encodeURIComponent(file.name));
        const { url } = await response.json();
        const stored = await fetch(url, { method: 'PUT', body: file });
        document.title = 'stored ' + stored.status;
      });</script>`,
    );

    await page.locator('#file').setInputFiles(PLAIN);
    await page.waitForFunction(() => document.title.startsWith('stored'));

    const [key, ...others] = await bucket.keys();
    assert.equal(await page.title(), 'stored 200');
    assert.match(key ?? '', /\/unverified\//);
    assert.deepEqual(others, []);
    assert.equal(await bucket.sha256(key ?? ''), sha256Of(await readFile(PLAIN)));
  });

  it('keep other pages out', async (t) => {
    const { signer } = await start(t, ['*'], { ALLOWED_ORIGINS: 'https://www.example.com' });

    const answer = await fetch(`${signer.url}/signed-request?name=a.txt`, {
      headers: { origin: 'http://localhost:1' },
    });

    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });

  const broken = [
    { title: 'has no CORS rules', origins: [], env: {}, cause: /CORS/ },
    {
      title: 'does not exist',
      origins: ['*'],
      env: { B2_BUCKET: 'a-bucket-that-is-missing' },
      cause: /bucket|CORS/i,
    },
  ];
  for (const { title, origins, env, cause } of broken) {
    it(`tell visitor and owner, each in their words, when the bucket ${title}`, async (t) => {
      const { signer } = await start(t, origins, env);
      const page = await open(
        t,
        `<!doctype html><title>Shop</title><script type="module" src="${signer.url}/b2-uploader.js"></script>
        <b2-uploader site-key="default"></b2-uploader>`,
      );
      const printed: ConsoleMessage[] = [];
      page.on('console', (message) => printed.push(message));
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: /choose/i }).click();
      await (await chooser).setFiles(PLAIN);

      await page.waitForFunction(() => document.querySelector('b2-uploader')?.files[0]?.status === 'failed');

      const said = (await page.getByRole('listitem').allInnerTexts()).join(' ');
      const own = printed.map((message) => message.text()).filter((text) => text.includes('b2-uploader'));
      assert.match(said, /owner|set up|try again/i);
      assert.doesNotMatch(said, /CORS|NoSuchBucket|403|404|http/);
      assert.match(own.join('\n'), cause);
      assert.doesNotMatch(own.join('\n'), /X-Amz-Signature/);
    });
  }

  it('tell the owner to allow the page, when no site lets it in', async (t) => {
    const { signer } = await start(t, ['*'], { ALLOWED_ORIGINS: 'https://www.example.com' });
    const page = await open(t, '<!doctype html><title>Shop</title>');
    // Its words are loaded when they are needed.
    const told = page.waitForEvent('console', (message) => message.text().includes('b2-uploader>'));
    await page.setContent(`<script type="module" src="${signer.url}/b2-uploader.js"></script>
      <b2-uploader site-key="default"></b2-uploader>`);

    await page.getByText('not set up correctly').first().waitFor();

    assert.match((await told).text(), /http:\/\/localhost:\d+.*ALLOWED_ORIGINS/);
    assert.match(signer.log(), /"code":"origin-not-allowed","origin":"http:\/\/localhost/);
  });
});

describe('start on the local bucket', () => {
  it('ends cleanly, and finds its files again', async (t) => {
    const first = await startProcess();
    t.after(() => first.close());
    const origin = 'http://localhost:8080';
    const ask = async (url: string, path: string, body: unknown) =>
      (
        await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    const file = { name: 'plain.txt', type: 'text/plain', size: 3 };
    const { uploads } = (await ask(first.url, '/v1/uploads', { siteKey: 'pk_local', files: [file] })) as {
      uploads: [{ ticket: string; request: { url: string; headers: Record<string, string> } }];
    };
    const [{ ticket, request }] = uploads;
    await fetch(request.url, { method: 'PUT', headers: request.headers, body: 'abc' });
    const code = await first.stop();

    const second = await startProcess({}, first.folder);
    t.after(() => second.close());
    const { files } = (await ask(second.url, '/v1/uploads/complete', { tickets: [ticket] })) as {
      files: [{ url: string }];
    };
    const { pathname } = new URL(files[0].url);
    const stored = await fetch(`${second.url}${pathname}`);

    assert.equal(code, 0);
    assert.equal(await stored.text(), 'abc');
  });

  it('says how to go on when the port is taken', async (t) => {
    const first = await startProcess();
    t.after(() => first.close());
    const { port } = new URL(first.url);

    await assert.rejects(startProcess({ PORT: port }), (error: Error) => {
      assert.match(error.message, /start ended with 1:/);
      assert.match(error.message, new RegExp(`${port}.*in use|in use.*${port}`, 's'));
      assert.doesNotMatch(error.message, /\n\s+at /);
      return true;
    });
  });
});
