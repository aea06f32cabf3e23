// createSigner as other runtimes call it: with a configuration instead of a registry.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSigner } from '../../server/index.js';
import type { SitesConfig } from '../../server/sites/schema.js';
import { ORIGIN, SECRET } from '../support/test-site.js';
import { photo } from '../support/test-signer.js';

const KEY = 'pk_live_9f86d081884c7d659a2feaa0';
const config = (overrides = {}): SitesConfig => ({
  sites: {
    [KEY]: {
      origins: [ORIGIN],
      storage: {
        endpoint: 'https://s3.us-west-004.backblazeb2.com',
        bucket: 'acme-uploads',
        keyId: { env: 'KEY_ID' },
        applicationKey: { env: 'KEY' },
      },
      ...overrides,
    },
  },
});
const ask = (signer: ReturnType<typeof createSigner>) =>
  signer.request('/v1/uploads', {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json' },
    body: JSON.stringify({ siteKey: KEY, files: [photo()] }),
  });

describe('createSigner', () => {
  it('takes the content of sites.json, and secrets by name', async () => {
    const signer = createSigner({ sites: config(), secret: SECRET, env: { KEY_ID: 'id', KEY: 'key' } });

    const response = await ask(signer);

    const { uploads } = (await response.json()) as { uploads: [{ request: { url: string } }] };
    assert.equal(response.status, 201);
    assert.match(uploads[0].request.url, new RegExp(`/acme-uploads/${KEY}/\\d{4}/`));
    assert.equal((await signer.request('/v1/nothing')).status, 404);
  });

  for (const secret of ['', ',', 'short', `${SECRET}|short`.replace('|', ',')]) {
    it(`refuses the secret ${JSON.stringify(secret)}`, () => {
      assert.throws(() => createSigner({ sites: config(), secret }), TypeError);
    });
  }

  it('answers nothing but 500 while the configuration has problems, and prints them once', async (t) => {
    const print = t.mock.method(console, 'error', () => undefined);
    const signer = createSigner({ sites: config({ origins: ['*'] }), secret: SECRET, env: { KEY_ID: 'id' } });

    const statuses = [(await ask(signer)).status, (await ask(signer)).status];

    const printed = String(print.mock.calls[0]?.arguments[0]);
    assert.deepEqual(statuses, [500, 500]);
    assert.equal(print.mock.callCount(), 1);
    assert.match(printed, /origins\[0\]/);
    assert.match(printed, /applicationKey/);
  });
});
