// GET /signed-request, the article's route: what it signs, for whom, and what it refuses.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testSigner } from '../support/test-signer.js';

const article = { signedRequest: true, accept: ['image/*'] };

describe('GET /signed-request', () => {
  it('gives an address that binds a random key and lives for a minute', async () => {
    const { get } = testSigner(article);

    const response = await get('/signed-request?name=photo.jpg');

    const { url } = (await response.json()) as { url: string };
    const { pathname, searchParams } = new URL(url);
    assert.equal(response.status, 200);
    assert.match(pathname, /^\/test-uploads\/uploads\/unverified\/\d{4}\/\d\d\/\d\d\/[0-9A-Z]{26}\.jpg$/);
    assert.equal(searchParams.get('X-Amz-Expires'), '60');
    assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'host');
  });

  it('binds the type when it is told', async () => {
    const { get } = testSigner(article);

    const { url } = (await (await get('/signed-request?name=photo.jpg&type=image/jpeg')).json()) as {
      url: string;
    };

    assert.equal(new URL(url).searchParams.get('X-Amz-SignedHeaders'), 'content-type;host');
  });

  const refused: readonly [string, number][] = [
    ['/signed-request', 400],
    ['/signed-request?name=', 400],
    [`/signed-request?name=${'x'.repeat(1025)}`, 400],
    ['/signed-request?name=a.html', 415],
    ['/signed-request?name=a.pdf', 415],
    ['/signed-request?name=a.png&type=text/html', 415],
    ['/signed-request?name=a.png&type=image/png%0d%0ax:y', 415],
    ['/signed-request?name=a.png&type=image/*', 415],
    [`/signed-request?name=a.png&type=image/${'x'.repeat(3000)}`, 415],
  ];
  for (const [path, status] of refused) {
    it(`answers ${path.slice(0, 48)} with ${status}`, async () => {
      assert.equal((await testSigner(article).get(path)).status, status);
    });
  }

  it('is off for every other site', async () => {
    assert.equal((await testSigner().get('/signed-request?name=photo.jpg')).status, 404);
  });

  it('works without Origin only for the same origin', async () => {
    const { app } = testSigner(article);
    const path = '/signed-request?name=photo.jpg';

    const sameOrigin = await app.request(path, { headers: { 'sec-fetch-site': 'same-origin' } });
    const none = await app.request(path);
    const foreign = await app.request(path, {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    });

    assert.deepEqual([sameOrigin.status, none.status, foreign.status], [200, 403, 403]);
  });

  it('answers sixty times a minute for one address', async () => {
    let address = '203.0.113.1';
    const { get } = testSigner(article, { clientAddress: () => address });

    const statuses = await Promise.all(
      Array.from({ length: 61 }, async () => (await get('/signed-request?name=a.png')).status),
    );
    address = '203.0.113.2';
    const other = await get('/signed-request?name=a.png');

    assert.deepEqual(
      [statuses.filter((status) => status === 200).length, statuses.includes(429), other.status],
      [60, true, 200],
    );
  });
});
