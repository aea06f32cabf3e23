// Node's stand-in for a page's network: whole bodies, true progress, and only what CORS would show.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SignedRequest } from '../../server/protocol.js';
import { openProxyBed, ORIGIN, until, type ProxyBed } from './fault-proxy/proxy-bed.js';
import { createNodeNetwork, type NodeNetwork } from './node-send.js';
import { sha256Of } from './test-bucket.js';

const BYTES = new Uint8Array(1_000_000).fill(7);

describe('createNodeNetwork', () => {
  let bed: ProxyBed;
  let network: NodeNetwork;
  before(async () => {
    bed = await openProxyBed();
    network = createNodeNetwork(ORIGIN);
  });
  afterEach(() => bed.clear());
  after(async () => {
    network.close();
    await bed.close();
  });

  const requestFor = async (key: string): Promise<SignedRequest> => ({
    method: 'PUT',
    url: await bed.presign(key),
    headers: { 'content-type': 'image/png' },
    expiresInSeconds: 900,
  });
  const send = async (key: string, signal = new AbortController().signal) => {
    const progress: number[] = [];
    const onProgress = (sentBytes: number) => progress.push(sentBytes);
    await network.send(await requestFor(key), new Blob([BYTES]), { signal, onProgress });
    return progress;
  };

  it('sends a whole body and tells how far it is', async () => {
    const progress = await send('whole');

    assert.equal(await bed.bucket.sha256('whole'), sha256Of(BYTES));
    assert.equal(progress.at(-1), BYTES.length);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
  });

  it('sends an empty body', async () => {
    const signal = new AbortController().signal;

    await network.send(await requestFor('empty'), new Blob([]), { signal, onProgress: () => undefined });

    assert.equal(await bed.bucket.sha256('empty'), sha256Of(new Uint8Array()));
  });

  for (const [title, action, status] of [
    ['a refusal', { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }, 503],
    ['nothing where CORS hides the answer', { dropCors: true }, 0],
    ['nothing where the line broke', { resetAfterBytes: 500_000 }, 0],
    ['nothing where the answer was lost', { swallow: true }, 0],
  ] as const) {
    it(`learns ${title}`, async () => {
      bed.proxy.rules.add({ action });

      await assert.rejects(send('broken'), { name: 'UploadError', status });
    });
  }

  for (const [title, expose, retryAfterSeconds] of [
    ['how long to wait, where CORS shows it', 'ETag, Retry-After', 7],
    ['nothing of a wait that CORS hides', 'ETag', undefined],
  ] as const) {
    it(`learns ${title}`, async () => {
      const headers = { 'retry-after': '7', 'access-control-expose-headers': expose };
      bed.proxy.rules.add({ action: { status: 503, headers } });

      await assert.rejects(send('busy'), { status: 503, retryAfterSeconds });
    });
  }

  it('hangs up when it is told to, and says why', async () => {
    bed.proxy.rules.add({ action: { stallAfterBytes: 1000 } });
    const controller = new AbortController();
    const sending = send('given up', controller.signal);
    await until(() => bed.proxy.log.bytesSent() >= 1000);

    controller.abort(new Error('enough'));

    await assert.rejects(sending, { message: 'enough' });
    await until(() => bed.latest('PUT')?.outcome === 'client-gone');
  });

  it('learns nothing from a server that does not let its origin in', async () => {
    bed.proxy.rules.add({ action: { status: 200, cors: false } });

    await assert.rejects(network.fetch(`${bed.proxy.url}/`), TypeError);
  });

  it('asks as a page of its origin', async () => {
    await network.fetch(`${bed.proxy.url}/`, { mode: 'no-cors', headers: { accept: 'text/xml' } });

    assert.equal(bed.latest('GET')?.from, 'browser');
  });
});
