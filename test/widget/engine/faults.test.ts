// What happens when storage, signer, network or file fail: which code, which second try, and what is never taken for success.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FakeWorld, idle, idOf, json, only, pick, problem, refusal, textFile } from './fake-world.js';
import type { FileSnapshot, UploaderOptions } from '../../../widget/engine/uploader.js';

async function upload(
  world: FakeWorld,
  file = textFile(),
  options: Partial<UploaderOptions> = {},
): Promise<FileSnapshot> {
  const uploader = world.uploader(options);
  uploader.add(pick(file));
  await idle(uploader);
  return only(uploader);
}

function withOnline(isOnline: boolean): Disposable {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: isOnline }, configurable: true });
  return {
    [Symbol.dispose]: () => {
      if (before) Object.defineProperty(globalThis, 'navigator', before);
      else Reflect.deleteProperty(globalThis, 'navigator');
    },
  };
}

test('a request that grew old in the queue is signed anew before it is sent', async () => {
  const world = new FakeWorld();
  let sends = 0;
  world.sending = async (url) => {
    sends += 1;
    if (sends === 1) world.nowMs += 880_000;
    world.stored.add(idOf(url));
  };
  const uploader = world.uploader({ concurrency: 1 });

  uploader.add(pick(textFile('a'), textFile('b')));
  await idle(uploader);

  const signatures = world.sent.map(({ url }) => new URL(url).searchParams.get('signature'));
  assert.deepEqual(signatures, ['first', 'fresh']);
});

test('a 403 gets one fresh signature and one more try', async () => {
  const world = new FakeWorld();
  world.sending = async (url) => {
    if (!url.endsWith('fresh')) throw refusal(403);
    world.stored.add(idOf(url));
  };

  const { status } = await upload(world);

  assert.deepEqual([status, world.sent.length], ['complete', 2]);
});

test('a 403 that stays is an error of storage, after two requests', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(403));

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable, world.sent.length], ['storage-error', false, 2]);
  assert.equal(error?.message, 'Storage answered 403 AccessDenied');
});

for (const [title, status] of [
  ['no answer after all bytes', 0],
  ['a 409', 409],
  ['a 412', 412],
] as const) {
  test(`${title}: a file that storage has all the same is complete`, async () => {
    const world = new FakeWorld();
    world.sending = async (url, body, { onProgress }) => {
      onProgress(body.size);
      world.stored.add(idOf(url));
      throw refusal(status);
    };

    assert.equal((await upload(world)).status, 'complete');
  });
}

test('a signer without an answer does not hide what storage said', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(412));
  world.answers.set('/v1/uploads/complete', () => Promise.reject(new TypeError('fetch failed')));

  assert.equal((await upload(world)).error?.message, 'Storage answered 412 AccessDenied');
});

for (const status of [400, 404, 501]) {
  test(`a ${status} of storage keeps its meaning`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(status));

    const { error } = await upload(world);

    assert.equal(error?.code, status === 501 ? 'storage-unavailable' : 'storage-error');
  });
}

test('no answer of storage while offline', async () => {
  using _ = withOnline(false);
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(0));

  const { error } = await upload(world);

  assert.deepEqual([error?.code, error?.retryable], ['offline', true]);
});

for (const [name, code] of [
  ['NotReadableError', 'file-changed'],
  ['NotFoundError', 'file-missing'],
  ['SecurityError', 'file-unreadable'],
] as const) {
  test(`a file whose bytes give ${name} is ${code}`, async () => {
    const world = new FakeWorld();
    world.sending = () => Promise.reject(refusal(0));
    const file = textFile();
    file.slice = () =>
      Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new DOMException('', name)) });

    const { error } = await upload(world, file);

    assert.deepEqual([error?.code, error?.retryable], [code, false]);
  });
}

test('no answer of storage nor of the signer', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(0));
  world.answers.set('/healthz', () => Promise.reject(new TypeError('fetch failed')));

  assert.equal((await upload(world)).error?.code, 'signer-unreachable');
});

test('storage alone is blocked: the owner reads the cause once, without a signature', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(0));
  const log = mock.method(console, 'error', () => undefined);

  const first = await upload(world);
  await upload(world);

  log.mock.restore();
  assert.deepEqual([first.error?.code, first.error?.retryable], ['blocked-by-network', true]);
  assert.equal(log.mock.callCount(), 1);
  const text = String(log.mock.calls[0]?.arguments[0]);
  assert.match(text, /https:\/\/bucket\.test .*CORS.*origin.*PUT.*content-type/s);
  assert.doesNotMatch(text, /signature|id1/);
});

for (const isOnline of [true, false]) {
  test(`no answer of the signer while ${isOnline ? 'online' : 'offline'}`, async () => {
    using _ = withOnline(isOnline);
    const world = new FakeWorld();
    world.answers.set('/v1/sites/pk_test', () => Promise.reject(new TypeError('fetch failed')));
    if (isOnline) world.answers.set('/healthz', () => Promise.reject(new TypeError('fetch failed')));

    const { error } = await upload(world);

    assert.deepEqual([error?.code, error?.retryable], [isOnline ? 'signer-unreachable' : 'offline', true]);
  });
}

test('every call to the signer has an end', async () => {
  const world = new FakeWorld();

  await upload(world);

  assert.ok(world.calls.length >= 3);
  for (const { init } of world.calls) assert.ok(init.signal instanceof AbortSignal);
});

const GOOD_REQUEST = { method: 'PUT', url: 'https://bucket.test/id1', headers: {}, expiresInSeconds: 900 };
const GOOD_FILE = { id: 'id1', key: 'k', url: 'u', name: 'n', size: 3, type: 't', etag: 'e', receipt: 'r' };
const HOSTILE: readonly (readonly [path: string, body: unknown])[] = [
  ['/v1/sites/pk_test', '<html>captive portal</html>'],
  ['/v1/sites/pk_test', null],
  ['/v1/sites/pk_test', { siteKey: 'pk_test' }],
  ['/v1/sites/pk_test', { ...new FakeWorld().policy, siteKey: 'pk_other' }],
  ['/v1/sites/pk_test', { ...new FakeWorld().policy, accept: 'image/*' }],
  ['/v1/uploads', {}],
  ['/v1/uploads', { uploads: [] }],
  ['/v1/uploads', { uploads: [null] }],
  ['/v1/uploads', { uploads: [{}, {}] }],
  ['/v1/uploads', { uploads: [{ id: 'id1', ticket: 't', strategy: 'put' }] }],
  [
    '/v1/uploads',
    { uploads: [{ id: 'id1', ticket: 't', strategy: 'put', request: { ...GOOD_REQUEST, method: 'GET' } }] },
  ],
  [
    '/v1/uploads',
    {
      uploads: [
        { id: 'id1', ticket: 't', strategy: 'put', request: { ...GOOD_REQUEST, url: 'javascript:0' } },
      ],
    },
  ],
  [
    '/v1/uploads',
    {
      uploads: [{ id: 'id1', ticket: 't', strategy: 'put', request: { ...GOOD_REQUEST, headers: { a: 1 } } }],
    },
  ],
  ['/v1/uploads', { uploads: [{ error: { code: 'constructor', detail: '', retryable: false } }] }],
  ['/v1/uploads/complete', '{"files":['],
  ['/v1/uploads/complete', { files: [{}] }],
  ['/v1/uploads/complete', { files: [{ ...GOOD_FILE, id: 'id2' }] }],
  ['/v1/uploads/complete', { files: [{ ...GOOD_FILE, receipt: undefined }] }],
];

for (const [path, body] of HOSTILE) {
  for (const status of [200, 502]) {
    test(`${status} with ${JSON.stringify(body).slice(0, 60)} from ${path} is never success`, async () => {
      const world = new FakeWorld();
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      world.answers.set(path, () => new Response(text, { status }));

      const { error } = await upload(world);

      assert.deepEqual([error?.code, error?.retryable], ['signer-unreachable', true]);
    });
  }
}

test('a problem of the signer keeps its code', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads', () => json(problem('origin-not-allowed'), 403));

  const { error } = await upload(world);

  assert.deepEqual(error, {
    code: 'origin-not-allowed',
    message: 'detail of origin-not-allowed',
    retryable: false,
  });
});

test('a retry plans anew when storage has nothing', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(503));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);
  assert.deepEqual(
    [only(uploader).error?.code, only(uploader).error?.retryable],
    ['storage-unavailable', true],
  );
  world.sending = undefined;

  uploader.retry(only(uploader).id);
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key], ['complete', 'k/id2']);
});

test('a retry finds what an earlier try had stored, and sends nothing', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads/complete', () => Promise.reject(new TypeError('fetch failed')));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);
  assert.equal(only(uploader).error?.code, 'signer-unreachable');

  uploader.retry();
  await idle(uploader);
  assert.equal(only(uploader).status, 'failed');
  world.answers.clear();
  uploader.retry();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key, world.sent.length], ['complete', 'k/id1', 1]);
});

test('retry without an id leaves alone what cannot succeed', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(400));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);

  uploader.retry();

  assert.deepEqual([only(uploader).status, uploader.busy], ['failed', false]);
});

test('a failing preparation fails its file with a code', async () => {
  const uploader = new FakeWorld().uploader({}, { prepare: () => Promise.reject(new Error('worker')) });

  uploader.add(pick(textFile()));
  await idle(uploader);

  assert.equal(only(uploader).error?.code, 'image-unreadable');
});
