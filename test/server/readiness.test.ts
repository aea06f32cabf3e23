// Whether the service should get requests: what balancers are told, and pages, once the end is near.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ORIGIN } from '../support/test-site.js';
import { photo, testSigner } from '../support/test-signer.js';

describe('a service that is about to end', () => {
  const env = { stopping: AbortSignal.abort() };
  const { app, site } = testSigner();
  const create = (origin: string) =>
    app.request(
      '/v1/uploads',
      {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ siteKey: site.key, files: [photo()] }),
      },
      env,
    );

  it('is not ready, and says why; it is alive', async () => {
    const answer = await app.request('/readyz', {}, env);

    assert.equal(answer.status, 503);
    assert.deepEqual(await answer.json(), { status: 'unready', reasons: ['shutting-down'] });
    assert.equal((await app.request('/healthz', {}, env)).status, 200);
  });

  it('tells a page when to come again', async () => {
    const answer = await create(ORIGIN);
    const { code, retryable, retryAfterSeconds } = (await answer.json()) as Record<string, unknown>;

    assert.equal(answer.status, 503);
    assert.deepEqual([code, retryable, retryAfterSeconds], ['shutting-down', true, 3]);
    assert.equal(answer.headers.get('retry-after'), '3');
    assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN);
  });

  it('answers preflights, and strangers as ever', async () => {
    const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' };

    assert.equal((await app.request('/v1/uploads', { method: 'OPTIONS', headers }, env)).status, 204);
    assert.equal((await create('https://evil.example')).status, 403);
  });
});

describe('a service that runs', () => {
  it('is ready, for callers without an origin', async () => {
    const answer = await testSigner().app.request('/readyz');

    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { status: 'ready', reasons: [] });
  });
});
