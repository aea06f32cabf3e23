// The XHR transport against a stand-in for XMLHttpRequest, and life without one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sendByXhr } from '../../../widget/engine/transport.js';
import type { SignedRequest } from '../../../server/protocol.js';

class FakeXhr extends EventTarget {
  static last: FakeXhr | undefined;
  readonly upload = new EventTarget();
  readonly headers: [string, string][] = [];
  status = 0;
  responseText = '';
  responseURL = '';
  answered: Readonly<Record<string, string>> = {};
  opened: readonly string[] = [];
  body: unknown;

  constructor() {
    super();
    FakeXhr.last = this;
  }
  open(...opened: string[]): void {
    this.opened = opened;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers.push([name, value]);
  }
  getResponseHeader(name: string): string | null {
    return this.answered[name] ?? null;
  }
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.end(0);
  }
  progress(loaded: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }));
  }
  end(status: number, text = ''): void {
    Object.assign(this, { status, responseText: text });
    this.dispatchEvent(new Event('loadend'));
  }
}

const REQUEST: SignedRequest = {
  method: 'PUT',
  url: 'https://bucket.test/k?signature=s',
  headers: { 'content-type': 'image/png', 'if-none-match': '*' },
  expiresInSeconds: 900,
};

beforeEach(() => {
  Object.assign(globalThis, { XMLHttpRequest: FakeXhr });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
});

function begin(signal = new AbortController().signal) {
  const seen: number[] = [];
  const body = new Blob(['abc']);
  const sent = sendByXhr(REQUEST, body, { signal, onProgress: (bytes) => seen.push(bytes) });
  const xhr = FakeXhr.last;
  assert.ok(xhr);
  return { sent, xhr, body, seen };
}

test('sends the body with exactly the signed headers, and tells progress', async () => {
  const { sent, xhr, body, seen } = begin();

  xhr.progress(1);
  xhr.progress(3);
  xhr.end(200);

  await sent;
  assert.deepEqual(xhr.opened, ['PUT', 'https://bucket.test/k?signature=s']);
  assert.deepEqual(xhr.headers, Object.entries(REQUEST.headers));
  assert.deepEqual([xhr.body, seen], [body, [1, 3]]);
});

test('sends bytes that are at hand, so that the file need not be read again', async () => {
  const bytes = new ArrayBuffer(3);
  const { signal } = new AbortController();

  const sent = sendByXhr(REQUEST, new Blob(['abc']), { signal, onProgress: () => undefined, bytes });
  FakeXhr.last?.end(200);

  await sent;
  assert.equal(FakeXhr.last?.body, bytes);
});

const busy = '<Error><Code>SlowDown</Code></Error>';
const slow = '<Error><Code>RequestTimeout</Code></Error>';
for (const [status, text, code, retryable] of [
  [0, '', 'storage-unavailable', true],
  [503, busy, 'storage-unavailable', true],
  [500, '', 'storage-unavailable', true],
  [429, '<html>', 'storage-unavailable', true],
  [408, '', 'storage-unavailable', true],
  [400, slow, 'storage-unavailable', true],
  [400, '<Error><Code>BadDigest</Code></Error>', 'storage-unavailable', true],
  [400, '<Error><Code>InvalidArgument</Code></Error>', 'storage-error', false],
  [501, '', 'storage-error', false],
  [403, '<Error><Code>AccessDenied</Code></Error>', 'storage-error', false],
  [403, '<html>Blocked by your company</html>', 'blocked-by-network', true],
  [405, '<html>', 'blocked-by-network', true],
  [412, '', 'storage-error', false],
] as const) {
  test(`${status} ${text} is ${code}`, async () => {
    const { sent, xhr } = begin();

    xhr.end(status, text);

    await assert.rejects(sent, { code, retryable, status });
  });
}

test('an answer from elsewhere is none of storage, whatever it says', async () => {
  const stored = begin();
  const moved = begin();

  stored.xhr.responseURL = REQUEST.url;
  stored.xhr.end(200);
  moved.xhr.responseURL = 'https://elsewhere.test/k';
  moved.xhr.end(200);

  await stored.sent;
  await assert.rejects(moved.sent, { code: 'storage-error', status: 307, retryable: false });
});

test('the time that a busy storage asks for is kept', async () => {
  const { sent, xhr } = begin();

  xhr.answered = { 'retry-after': '7' };
  xhr.end(503, busy);

  await assert.rejects(sent, { retryAfterSeconds: 7, storageCode: 'SlowDown', persistence: 'long' });
});

test('an abort event without our wish is a network fault, with it the wish', async () => {
  const dropped = begin();
  dropped.xhr.abort();
  await assert.rejects(dropped.sent, { code: 'storage-unavailable', status: 0 });

  const controller = new AbortController();
  const wished = begin(controller.signal);
  controller.abort('enough');
  await assert.rejects(wished.sent, (reason) => reason === 'enough');
});

test('the engine can be imported where there is no window', () => {
  const entry = new URL('../../../widget/engine/uploader.ts', import.meta.url).href;
  const script = `await import('${entry}'); if (typeof window + typeof XMLHttpRequest !== 'undefinedundefined') process.exit(1);`;

  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      encoding: 'utf8',
    },
  );

  assert.equal(status, 0, stderr);
});

test('storage that the page upgrades to https is the same storage', async () => {
  const request = { ...REQUEST, url: 'http://minio.test/k' };
  const { signal } = new AbortController();

  const sent = sendByXhr(request, new Blob(['abc']), { signal, onProgress: () => undefined });
  Object.assign(FakeXhr.last ?? {}, { responseURL: 'https://minio.test/k' });
  FakeXhr.last?.end(200);

  await sent;
});
