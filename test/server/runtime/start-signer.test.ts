// The signer as it is started: script, demo page and API on one address; no demo for the public or for many sites.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startSigner, type StartedSigner } from '../../../server/runtime/start-signer.js';
import { readSettings, type Environment } from '../../../server/sites/environment.js';
import { KEY, SECRETS, smallest } from '../sites/acme.js';

const root = mkdtempSync(join(tmpdir(), 'b2-start-'));
after(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'dist/widget'), { recursive: true });
mkdirSync(join(root, 'dist/demo'), { recursive: true });
writeFileSync(join(root, 'dist/widget/b2-uploader.js'), 'export {};');
writeFileSync(join(root, 'dist/demo/index.html'), '<p>__SITE_KEY__</p>');

const COMMON = {
  ...SECRETS,
  PORT: '0',
  HOST: '127.0.0.1',
  SIGNER_SECRET: 'signer-secret-0123456789abcdef0123456789',
};
const ONE = JSON.stringify({ sites: { [KEY]: smallest() } });
const TWO = JSON.stringify({
  sites: { [KEY]: smallest(), pk_live_00112233445566778899aabbccddeeff: smallest() },
});

async function started(env: Environment): Promise<StartedSigner> {
  const { settings, problems } = await readSettings(env, () => ({ problem: 'no files here' }));
  assert.deepEqual(problems, []);
  const dataFolder = join(root, `data-${Math.random()}`);
  return startSigner({ settings: settings ?? assert.fail(), root, dataFolder, log: () => undefined });
}

describe('startSigner', () => {
  it('serves script, demo and API on one address', async () => {
    const { server, bucket, close } = await started({ ...COMMON, SITES_JSON: ONE });

    const page = await fetch(`${server.url}/`);
    assert.deepEqual([page.status, await page.text()], [200, `<p>${KEY}</p>`]);
    assert.equal((await fetch(`${server.url}/b2-uploader.js`)).status, 200);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const policy = await fetch(`${server.url}/v1/sites/${KEY}`, {
      headers: { origin: 'https://www.acme.com' },
    });
    assert.equal(policy.headers.get('access-control-allow-origin'), 'https://www.acme.com');
    assert.equal(bucket, null);
    await close();
  });

  for (const [what, env] of [
    ['in production', { SITES_JSON: ONE, NODE_ENV: 'production', PUBLIC_URL: 'https://uploads.acme.com' }],
    ['with two sites', { SITES_JSON: TWO }],
  ] as const) {
    it(`has no demo ${what}`, async () => {
      const { server, hasDemo, close } = await started({ ...COMMON, ...env });

      const response = await fetch(`${server.url}/`);

      assert.deepEqual([hasDemo, response.status], [false, 404]);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      await close();
    });
  }

  it('uses SIGNER_SECRET with the local bucket too', async () => {
    const { sites, bucket, close } = await started(COMMON);
    const without = await started({ ...COMMON, SIGNER_SECRET: '' });

    assert.equal(sites[0]?.key, 'pk_local');
    assert.ok(bucket);
    assert.notEqual(sites[0]?.receiptSecrets[0], without.sites[0]?.receiptSecrets[0]);
    await Promise.all([close(), without.close()]);
  });

  it('leaves nothing running when the port is taken', async () => {
    const first = await started({ ...COMMON, SITES_JSON: ONE });
    const dataFolder = join(root, 'again');
    const { settings } = await readSettings({ PORT: String(first.server.port) }, () => ({ problem: '' }));
    const options = { settings: settings ?? assert.fail(), root, dataFolder, log: () => undefined };

    await assert.rejects(startSigner(options), /is in use/);
    await first.close();

    const second = await startSigner(options);
    await second.close();
  });
});
