// Who may call the signer: the two origin gates, preflights and CORS headers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedRegistry } from '../../server/sites/site.js';
import { ORIGIN, testSite } from '../support/test-site.js';
import { photo, testSigner } from '../support/test-signer.js';

const body = (siteKey: string) => ({ siteKey, files: [photo()] });

async function code(response: Response): Promise<unknown> {
  return ((await response.json()) as { code?: unknown }).code;
}

describe('origin gates', () => {
  const refused = [
    'https://evil.example',
    'null',
    `${ORIGIN}, https://evil.example`,
    `${ORIGIN}.evil.com`,
    `${ORIGIN}/`,
    `${ORIGIN}:443`,
    `${ORIGIN}:8443`,
    'http://www.example.com',
    'https://WWW.example.com',
    'https://www.example.com@evil.com',
    'https://evil.com?https://www.example.com',
    'https://example.com',
    'blob:https://www.example.com/x',
    'file://',
  ];
  for (const origin of refused) {
    it(`refuses ${origin} without CORS headers`, async () => {
      const { post, site } = testSigner();

      const response = await post('/v1/uploads', body(site.key), { origin });

      assert.equal(response.status, 403);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.equal(await code(response), 'origin-not-allowed');
    });
  }

  it('requires Origin on POST', async () => {
    const { app, site } = testSigner();

    const response = await app.request('/v1/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify(body(site.key)),
    });

    assert.equal(response.status, 403);
    assert.equal(await code(response), 'origin-required');
  });

  it('refuses an origin that only another site allows, with CORS headers that let the page read why', async () => {
    const other = testSite({
      key: 'pk_other',
      origins: [{ kind: 'exact', origin: 'https://other.example' }],
    });
    const site = testSite();
    const { post } = testSigner({}, { sites: fixedRegistry([site, other]) });

    const response = await post('/v1/uploads', body(site.key), { origin: 'https://other.example' });

    assert.equal(response.status, 403);
    assert.equal(await code(response), 'origin-not-allowed');
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://other.example');
  });

  it('keeps a ticket of one site from pages of another', async () => {
    const other = testSite({
      key: 'pk_other',
      origins: [{ kind: 'exact', origin: 'https://other.example' }],
    });
    const site = testSite();
    const { post } = testSigner({}, { sites: fixedRegistry([site, other]) });
    const created = (await (await post('/v1/uploads', body(site.key))).json()) as {
      uploads: { ticket: string }[];
    };

    const tickets = created.uploads.map((upload) => upload.ticket);
    const response = await post('/v1/uploads/complete', { tickets }, { origin: 'https://other.example' });

    assert.equal(response.status, 403);
    assert.equal(await code(response), 'origin-not-allowed');
  });

  it('does not let a disabled site open the first gate', async () => {
    const { post, site } = testSigner({ enabled: false });

    const response = await post('/v1/uploads', body(site.key));

    assert.equal(response.status, 403);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  });

  it('answers preflights with fixed lists, never an echo', async () => {
    const { app } = testSigner();

    const response = await app.request('/v1/uploads', {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'x-evil',
      },
    });

    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN);
    assert.equal(response.headers.get('access-control-allow-methods'), 'GET, POST');
    assert.equal(response.headers.get('access-control-allow-headers'), 'content-type');
    assert.equal(response.headers.get('access-control-allow-credentials'), null);
    assert.match(response.headers.get('vary') ?? '', /origin/i);
  });

  it('refuses a preflight of a foreign origin without CORS headers', async () => {
    const { app } = testSigner();

    const response = await app.request('/v1/uploads', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });

    assert.equal(response.status, 403);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  });

  it('lets a policy be read without Origin where browsers send none', async () => {
    const { app, site } = testSigner();

    const sameOrigin = await app.request(`/v1/sites/${site.key}`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    const tool = await app.request(`/v1/sites/${site.key}`);
    const crossSite = await app.request(`/v1/sites/${site.key}`, {
      headers: { 'sec-fetch-site': 'cross-site' },
    });

    assert.deepEqual([sameOrigin.status, tool.status, crossSite.status], [200, 200, 403]);
  });

  it('puts request id, no-store and vary on every /v1 answer, errors included', async () => {
    const { get, post, site } = testSigner();

    const answers = [
      await get(`/v1/sites/${site.key}`),
      await post('/v1/uploads', '{'),
      await get('/v1/uploads'),
    ];

    for (const { headers } of answers) {
      assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('access-control-allow-origin'), ORIGIN);
      assert.match(headers.get('vary') ?? '', /origin/i);
    }
  });
});
