// The built widget and demo over HTTP: types, caching, CORS, and no way out of their folders.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { demoFiles, widgetFiles, withFiles } from '../../../server/runtime/static-files.js';

const folder = mkdtempSync(join(tmpdir(), 'b2-static-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'widget/assets'), { recursive: true });
mkdirSync(join(folder, 'demo/assets'), { recursive: true });
writeFileSync(join(folder, 'widget/b2-uploader.js'), 'export const one = 1;');
writeFileSync(join(folder, 'widget/secret.txt'), 'not for the public');
writeFileSync(join(folder, 'widget/assets/worker-abc.js'), 'export {};');
writeFileSync(join(folder, 'widget/assets/large-abc.js'), 'export const x = 1;\n'.repeat(500));
writeFileSync(join(folder, 'demo/index.html'), '<b2-uploader site-key="__SITE_KEY__"></b2-uploader>');
writeFileSync(join(folder, 'demo/assets/demo-abc.css'), 'body {}');

const files = new Map([
  ...widgetFiles(join(folder, 'widget')),
  ...demoFiles(join(folder, 'demo'), 'pk_local'),
]);
const app = withFiles({ fetch: () => new Response('signer', { status: 404 }) }, files);

async function get(path: string, init?: RequestInit): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, init));
}

describe('the widget', () => {
  it('is a script for every page that revalidates', async () => {
    const response = await get('/b2-uploader.js?v=1');

    assert.equal(await response.text(), 'export const one = 1;');
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  });

  it('is not sent again to those who have it', async () => {
    const etag = (await get('/b2-uploader.js')).headers.get('etag') ?? '';

    for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
      const response = await get('/b2-uploader.js', { headers: { 'if-none-match': known } });
      assert.equal(response.status, 304, known);
      assert.equal(response.headers.get('etag'), etag);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
    }
    assert.equal((await get('/b2-uploader.js', { headers: { 'if-none-match': '"x"' } })).status, 200);
  });

  it('travels compressed to those who take it so', async () => {
    const plain = await get('/assets/large-abc.js');
    const packed = await get('/assets/large-abc.js', { headers: { 'accept-encoding': 'br, gzip' } });

    const bytes = new Uint8Array(await packed.arrayBuffer());
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.equal(packed.headers.get('content-length'), String(bytes.length));
    assert.equal(packed.headers.get('vary'), 'accept-encoding');
    assert.equal(gunzipSync(bytes).toString(), await plain.text());
    assert.equal(plain.headers.get('content-encoding'), null);
  });

  it('has chunks that never change', async () => {
    const response = await get('/assets/worker-abc.js');

    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
  });

  it('answers HEAD without a body', async () => {
    const response = await get('/b2-uploader.js', { method: 'HEAD' });

    assert.deepEqual(
      [response.status, response.headers.get('content-length'), await response.text()],
      [200, '21', ''],
    );
  });
});

describe('the demo', () => {
  it('has the key of the site, in no frame', async () => {
    const response = await get('/');

    assert.equal(await response.text(), '<b2-uploader site-key="pk_local"></b2-uploader>');
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('content-security-policy'), "frame-ancestors 'none'");
  });

  it('has its assets under /demo/', async () => {
    const response = await get('/demo/assets/demo-abc.css');

    assert.equal(response.headers.get('content-type'), 'text/css; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  });
});

describe('everything else', () => {
  for (const path of [
    '/secret.txt',
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets//worker-abc.js',
    '/assets/',
    '/assets',
    '/demo/../package.json',
    '/B2-UPLOADER.js',
    '/index.html',
    '/v1/uploads',
    '/__proto__',
  ]) {
    it(`leaves ${path} to the signer`, async () => assert.equal(await (await get(path)).text(), 'signer'));
  }

  it('refuses other methods on a file, and names the right one', async () => {
    const response = await get('/b2-uploader.js', { method: 'POST' });

    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD']);
  });

  it('lets pages of other origins see that a part of the script is missing', async () => {
    const response = await get('/assets/gone-abc.js');

    assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [404, '*']);
  });

  it('is all there is where nothing is built', () => {
    assert.equal(widgetFiles(join(folder, 'nowhere')).size, 0);
  });
});
