// What is believed of the signer's answers: nothing that is not exactly what was asked for, whoever answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from './fake-signer.js';
import { FakeWorld, json, uploadOne as upload } from './fake-world.js';

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
  ['/v1/sites/pk_test', { ...new FakeWorld().policy, multipart: undefined }],
  ['/v1/sites/pk_test', { ...new FakeWorld().policy, integrity: undefined }],
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
