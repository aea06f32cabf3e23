// Each fault, with the local bucket behind it: what the client sees, and what the store then holds.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { sha256Of } from '../test-bucket.js';
import {
  assertReset,
  assertStatus,
  BODY,
  openProxyBed,
  ORIGIN,
  put,
  until,
  type ProxyBed,
} from './proxy-bed.js';

describe('a fault rule', () => {
  let bed: ProxyBed;
  before(async () => {
    bed = await openProxyBed();
  });
  afterEach(() => bed.clear());
  after(() => bed.close());

  it('answers in place of the store, as a page may read it', async () => {
    const body = '<Error><Code>SlowDown</Code></Error>';
    const headers = { 'retry-after': '7' };

    const { key, answer } = await bed.putUnder({ action: { status: 503, body, headers } });

    const given = assertStatus(answer, 503);
    assert.equal(await given.text(), body);
    assert.equal(given.headers.get('retry-after'), '7');
    assert.equal(given.headers.get('access-control-allow-origin'), ORIGIN);
    assert.equal(given.headers.get('access-control-expose-headers'), 'ETag');
    assert.deepEqual(await bed.bucket.keys(key), []);
    assert.deepEqual([bed.latest('PUT')?.requestBytes, bed.latest('PUT')?.rule], [BODY.length, 'status 503']);
  });

  it('answers without CORS headers, or without reading', async () => {
    const rule = { action: { status: 405, cors: false, readBody: false } };

    const { answer } = await bed.putUnder(rule, { body: new Blob(['short']) });

    assert.equal(assertStatus(answer, 405).headers.has('access-control-allow-origin'), false);
    assert.equal(bed.latest('PUT')?.requestBytes, 0);
  });

  it('resets after so many bytes, and the store keeps nothing', async () => {
    const { key, answer } = await bed.putUnder({ action: { resetAfterBytes: 100_000 } });

    assertReset(answer);
    assert.equal(bed.latest('PUT')?.outcome, 'reset');
    assert.ok((bed.latest('PUT')?.requestBytes ?? 0) >= 100_000);
    assert.deepEqual(await bed.bucket.keys(key), []);
  });

  it('swallows the answer of a store that did its work', async () => {
    const { key, answer } = await bed.putUnder({ action: { swallow: true } });

    assertReset(answer);
    assert.deepEqual([bed.latest('PUT')?.outcome, bed.latest('PUT')?.status], ['swallowed', 200]);
    assert.equal(await bed.bucket.sha256(key), sha256Of(BODY));
  });

  it('stalls until it is let go, then finishes unharmed', async () => {
    bed.proxy.rules.add({ action: { stallAfterBytes: 1000 } });
    const putting = put(await bed.presign('stalled'));
    await until(() => (bed.latest('PUT')?.requestBytes ?? 0) >= 1000);
    assert.deepEqual([bed.latest('PUT')?.outcome, await bed.bucket.keys('stalled')], ['open', []]);

    bed.proxy.release();

    assert.equal((await putting).status, 200);
    assert.equal(await bed.bucket.sha256('stalled'), sha256Of(BODY));
  });

  it('stalls until the client hangs up', async () => {
    bed.proxy.rules.add({ action: { stallAfterBytes: BODY.length - 1 } });
    const hangUp = new AbortController();
    const putting = put(await bed.presign('given up'), { signal: hangUp.signal });
    await until(() => bed.latest('PUT')?.requestBytes === BODY.length);

    hangUp.abort();

    await assert.rejects(putting, { name: 'AbortError' });
    await until(() => bed.latest('PUT')?.outcome === 'client-gone');
    assert.deepEqual(await bed.bucket.keys('given up'), []);
  });

  it('throttles the body', async () => {
    const { key } = await bed.putUnder({ action: { throttleBytesPerSecond: 1_500_000 } });

    const { startedAtMs = 0, endedAtMs = 0 } = bed.latest('PUT') ?? {};
    assert.ok(endedAtMs - startedAtMs >= 190, `${endedAtMs - startedAtMs} ms`);
    assert.equal(await bed.bucket.sha256(key), sha256Of(BODY));
  });

  for (const action of [{ delayMs: 60 }, { delayResponseMs: 60 }]) {
    it(`waits: ${JSON.stringify(action)}`, async () => {
      const { answer } = await bed.putUnder({ action });

      const { startedAtMs = 0, endedAtMs = 0 } = bed.latest('PUT') ?? {};
      assertStatus(answer, 200);
      assert.ok(endedAtMs - startedAtMs >= 59, `${endedAtMs - startedAtMs} ms`);
    });
  }

  it('takes CORS off the answer and off its preflight', async () => {
    const { answer } = await bed.putUnder({ method: 'PUT', action: { dropCors: true } });
    const preflight = await fetch(`${bed.proxy.url}/${bed.bucketName}/any`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'PUT' },
    });

    for (const one of [answer, preflight]) {
      assert.equal(assertStatus(one, 200).headers.has('access-control-allow-origin'), false);
    }
  });

  it('leaves preflights alone unless a rule names OPTIONS', async () => {
    bed.proxy.rules.add({ action: { status: 500 } });
    const headers = { origin: ORIGIN, 'access-control-request-method': 'PUT' };
    const ask = () => fetch(`${bed.proxy.url}/${bed.bucketName}/any`, { method: 'OPTIONS', headers });

    const before = await ask();
    bed.proxy.rules.add({ method: 'OPTIONS', action: { status: 403 } });
    const later = await ask();

    assert.deepEqual([before.status, later.status], [200, 403]);
  });

  it('hides a header from pages, and falsifies others', async () => {
    const action = { hideHeaders: ['etag'], corruptResponseHeader: { etag: '"wrong"' } };

    const { answer } = await bed.putUnder({ action });

    const { headers } = assertStatus(answer, 200);
    assert.deepEqual([headers.get('access-control-expose-headers'), headers.get('etag')], ['', '"wrong"']);
  });

  it('flips one bit of the body', async () => {
    const { key } = await bed.putUnder({ action: { corruptByte: 123_456 } });

    const wrong = Buffer.from(BODY);
    wrong.writeUInt8(wrong.readUInt8(123_456) ^ 1, 123_456);
    assert.equal(await bed.bucket.sha256(key), sha256Of(wrong));
  });

  it('sends a request twice and gives back the second answer', async () => {
    const { key, answer } = await bed.putUnder(
      { action: { duplicate: true } },
      { headers: { origin: ORIGIN, 'if-none-match': '*' } },
    );

    assertStatus(answer, 412);
    assert.equal(await bed.bucket.sha256(key), sha256Of(BODY));
  });

  it('rewrites an answer, whose length then holds', async () => {
    bed.proxy.rules.add({ method: 'POST', action: { rewriteResponse: falsifyUploadId } });

    assert.equal((await bed.openMultipart('rewritten')).uploadId, 'x');
  });

  it('drips spaces before the true answer, which the SDK reads all the same', async () => {
    bed.proxy.rules.add({ method: 'POST', action: { drip: { everyMs: 5, totalMs: 20 } } });

    const { uploadId } = await bed.openMultipart('dripped');

    assert.ok(uploadId);
    const raw = await fetch(`${bed.proxy.url}/${bed.bucketName}/dripped?uploads`, { method: 'POST' });
    assert.match(await raw.text(), /^<\?xml[^>]*\?>\n {4}<Error><Code>AccessDenied/);
    assert.equal(raw.status, 200);
  });

  it('cuts what lasts too long', async () => {
    const { key, answer } = await bed.putUnder({
      action: { throttleBytesPerSecond: 100_000, cutAfterMs: 50 },
    });

    assertReset(answer);
    assert.equal(bed.latest('PUT')?.outcome, 'cut');
    assert.deepEqual(await bed.bucket.keys(key), []);
  });
});

function falsifyUploadId(body: string): string {
  return body.replace(/<UploadId>.*<\/UploadId>/, '<UploadId>x</UploadId>');
}
