// The fault proxy itself: harmless without rules, honest in its log, up and down at will.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startFaultProxy } from './fault-proxy.js';
import { assertReset, BODY, openProxyBed, put, until, type ProxyBed } from './fault-proxy/proxy-bed.js';
import { sha256Of } from './test-bucket.js';

describe('startFaultProxy', () => {
  let bed: ProxyBed;
  before(async () => {
    bed = await openProxyBed();
  });
  afterEach(() => bed.clear());
  after(() => bed.close());

  it('passes a presigned PUT byte for byte and logs it without its signature', async () => {
    const answer = await put(await bed.presign('whole'));

    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(await bed.bucket.sha256('whole'), sha256Of(BODY));
    const [entry] = bed.proxy.log.entries;
    assert.ok(entry);
    assert.deepEqual(
      [entry.from, entry.method, entry.path, entry.status, entry.requestBytes, entry.rule],
      ['browser', 'PUT', `/${bed.bucketName}/whole`, 200, BODY.length, undefined],
    );
  });

  it('passes presigned parts and the calls of the SDK, and tells the two sides apart', async () => {
    const { uploadId, signPart } = await bed.openMultipart('parts');

    const answer = await put(await signPart(3));

    assert.equal(answer.headers.get('etag')?.length, 34);
    const entries = bed.proxy.log.entries.map(({ from, method, partNumber, uploadId }) => ({
      from,
      method,
      partNumber,
      uploadId,
    }));
    assert.deepEqual(entries, [
      { from: 'signer', method: 'POST', partNumber: undefined, uploadId: undefined },
      { from: 'browser', method: 'PUT', partNumber: 3, uploadId },
    ]);
  });

  it('gives back whole objects', async () => {
    await put(await bed.presign('there and back'));

    assert.equal(await bed.far.sha256('there and back'), sha256Of(BODY));
    assert.equal(bed.latest('GET')?.responseBytes, BODY.length);
  });

  it('passes refusals of the store on', async () => {
    const url = new URL(await bed.presign('refused'));
    url.searchParams.set('X-Amz-Signature', '0'.repeat(64));

    const answer = await put(url.href);

    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /SignatureDoesNotMatch/);
  });

  it('counts what was sent in vain and how much ran at once', async () => {
    const { signPart } = await bed.openMultipart('sums');
    const urls = await Promise.all([1, 1, 2].map(signPart));
    bed.proxy.rules.add({ partNumber: 1, times: 1, action: { status: 500 } });
    bed.proxy.rules.add({ method: 'PUT', action: { stallAfterBytes: BODY.length } });

    const putting = urls.map((url) => put(url));
    await until(() => bed.proxy.log.bytesSent() === 3 * BODY.length);
    bed.proxy.release();
    await Promise.all(putting);

    assert.equal(bed.proxy.log.bytesSent({ from: 'browser', method: 'PUT' }), 3 * BODY.length);
    assert.equal(bed.proxy.log.bytesSentTwice(2 * BODY.length), BODY.length);
    assert.ok(bed.proxy.log.partsInFlightMax() >= 2);
  });

  it('refuses one request, or all until it is up again', async () => {
    const { answer } = await bed.putUnder({ times: 1, action: { down: true } });
    bed.proxy.setDown(true);
    const whileDown = await put(await bed.presign('down')).catch((error: unknown) => error);
    bed.proxy.setDown(false);

    assertReset(answer);
    assertReset(whileDown);
    assert.equal((await put(await bed.presign('down'))).status, 200);
  });

  it('resets what runs when the network changes', async () => {
    bed.proxy.rules.add({ times: 1, action: { stallAfterBytes: 10 } });
    const putting = put(await bed.presign('moving')).catch((error: unknown) => error);
    await until(() => (bed.latest('PUT')?.requestBytes ?? 0) > 0);

    bed.proxy.resetAll();

    assertReset(await putting);
    assert.equal((await put(await bed.presign('moving'))).status, 200);
  });

  it('shows the client a reset where the target is not there', async () => {
    const gone = await startFaultProxy({ target: 'http://127.0.0.1:1' });
    await gone.close();
    const nobody = await startFaultProxy({ target: gone.url });

    const answer = await fetch(nobody.url).catch((error: unknown) => error);

    assertReset(answer);
    assert.equal(nobody.log.entries[0]?.outcome, 'target-gone');
    await nobody.close();
  });
});
