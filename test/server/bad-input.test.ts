// What people and scripts send to the JSON routes, and the clear error that each must get.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { photo, testSigner } from '../support/test-signer.js';

const KEY = testSigner().site.key;
const files = (...overrides: Record<string, unknown>[]) => ({
  siteKey: KEY,
  files: overrides.map((each) => photo(each)),
});

interface Case {
  readonly title: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
}

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );

const CASES: readonly Case[] = [
  { title: 'an empty body', body: '', status: 400, code: 'invalid-json' },
  { title: 'truncated JSON', body: '{"a":', status: 400, code: 'invalid-json' },
  ...['null', '[]', '"x"', '1', 'true'].map((body) => ({
    title: `${body} at the top`,
    body,
    status: 400,
    code: 'invalid-request',
  })),
  { title: 'bytes that are not UTF-8', body: bytes('{"', [0xff], '":1}'), status: 400, code: 'invalid-json' },
  {
    title: 'a key given twice',
    body: '{"siteKey":"a","siteKey":"b","files":[]}',
    status: 400,
    code: 'invalid-json',
  },
  {
    title: 'a key given twice by escape',
    body: '{"size":1,"s\\u0069ze":2}',
    status: 400,
    code: 'invalid-json',
  },
  {
    title: '__proto__',
    body: '{"__proto__":{"admin":true},"siteKey":"x","files":[]}',
    status: 400,
    code: 'invalid-request',
  },
  {
    title: 'constructor deep inside',
    body: `{"siteKey":"x","files":[{"constructor":{}}]}`,
    status: 400,
    code: 'invalid-request',
  },
  {
    title: 'an unknown field',
    body: { ...files({}), bucket: 'x' },
    status: 400,
    code: 'invalid-request',
    field: 'bucket',
  },
  {
    title: 'an unknown field of a file',
    body: files({ key: 'x' }),
    status: 400,
    code: 'invalid-request',
    field: 'files[0].key',
  },
  {
    title: 'bottomless nesting',
    body: `{"siteKey":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    status: 400,
    code: 'invalid-request',
  },
  { title: 'a body over 64 KiB', body: ' '.repeat(65_537), status: 413, code: 'body-too-large' },
  {
    title: '101 files',
    body: files(...Array.from({ length: 101 }, () => ({}))),
    status: 422,
    code: 'too-many-files',
  },
  {
    title: 'no files',
    body: { siteKey: KEY, files: [] },
    status: 400,
    code: 'invalid-request',
    field: 'files',
  },
  ...[undefined, '10', null, true, [10], {}, -1, 0.5, 2 ** 53, 2 ** 63].map((size) => ({
    title: `size ${JSON.stringify(size) ?? 'missing'}`,
    body: files({}, { size }),
    status: 400,
    code: 'invalid-size',
    field: 'files[1].size',
  })),
  {
    title: 'size 1e400',
    body: `{"siteKey":"${KEY}","files":[{"name":"a","size":1e400,"type":""}]}`,
    status: 400,
    code: 'invalid-size',
  },
  ...[undefined, '', 7, 'x'.repeat(300_000 / 6)].map((name) => ({
    title: `name ${typeof name === 'string' ? `of ${name.length} characters` : (JSON.stringify(name) ?? 'missing')}`,
    body: files({ name }),
    status: 400,
    code: 'invalid-name',
    field: 'files[0].name',
  })),
  ...[
    undefined,
    '',
    '../',
    'x'.repeat(10_000),
    '\0',
    ['pk'],
    KEY.toUpperCase(),
    '__proto__',
    'toString',
    'hasOwnProperty',
  ].map((siteKey) => ({
    title: `site key ${JSON.stringify(siteKey)?.slice(0, 20) ?? 'missing'}`,
    body: { siteKey, files: [photo()] },
    status: 404,
    code: 'unknown-site',
  })),
];

describe('POST /v1/uploads refuses', () => {
  for (const { title, body, status, code, field } of CASES) {
    it(title, async () => {
      const { post } = testSigner();

      const response = await post('/v1/uploads', body);

      const problem = (await response.json()) as Record<string, unknown>;
      assert.equal(response.status, status);
      assert.equal(problem.code, code);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      if (field !== undefined) assert.equal(problem.field, field);
      assert.equal(({} as Record<string, unknown>).admin, undefined);
    });
  }

  it('gives every unknown site key the same answer', async () => {
    const { post } = testSigner();

    const answers = await Promise.all(
      [undefined, ['pk'], 'pk_nobody', 'x'.repeat(10_000)].map(async (siteKey) => {
        const { requestId, ...problem } = (await (
          await post('/v1/uploads', { siteKey, files: [photo()] })
        ).json()) as {
          requestId: string;
        };
        return [requestId.length, problem];
      }),
    );

    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });
});

describe('media types', () => {
  const refused = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '',
    'application/json; charset=utf-16',
  ];
  for (const type of refused) {
    it(`refuses ${type || 'none'} with 415`, async () => {
      const { post } = testSigner();

      const response = await post('/v1/uploads', files({}), { 'content-type': type });

      assert.equal(response.status, 415);
    });
  }

  for (const type of ['application/json;charset=UTF-8', 'Application/JSON', 'application/json']) {
    it(`takes ${type}`, async () => {
      const { post } = testSigner();

      assert.equal((await post('/v1/uploads', files({}), { 'content-type': type })).status, 201);
    });
  }

  it('never inflates a compressed body', async () => {
    const { post } = testSigner();

    assert.equal((await post('/v1/uploads', files({}), { 'content-encoding': 'gzip' })).status, 415);
  });

  it('takes a body that starts with a byte order mark', async () => {
    const { post } = testSigner();

    assert.equal((await post('/v1/uploads', `\ufeff${JSON.stringify(files({}))}`)).status, 201);
  });
});

describe('paths and methods', () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
    it(`answers ${method} on a POST route with 405 and Allow`, async () => {
      const { app } = testSigner();

      const response = await app.request('/v1/uploads', {
        method,
        headers: { origin: 'https://www.example.com' },
      });

      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
    });
  }

  for (const path of ['//v1//uploads', '/v1/uploads/', '/V1/UPLOADS', '/v1/uploads%2f..%2f', '/v1/nothing']) {
    it(`answers ${path} with 404`, async () => {
      const { post } = testSigner();

      assert.equal((await post(path, files({}))).status, 404);
    });
  }
});

describe('tickets', () => {
  const hostile = ['', 'x', 'a.b.c.d.e', '..', '.....', 'é', 'A'.repeat(2049)];
  for (const ticket of hostile) {
    it(`refuses ${JSON.stringify(ticket.slice(0, 12))} (${ticket.length}) with 401`, async () => {
      const { post } = testSigner();

      const response = await post('/v1/uploads/complete', { tickets: [ticket] });

      assert.equal(response.status, 401);
      assert.match(((await response.json()) as { code: string }).code, /^ticket-(missing|invalid)$/);
    });
  }

  it('refuses a ticket with any one character changed, spare bits of the last one included', async () => {
    const { post } = testSigner();
    const created = (await (await post('/v1/uploads', files({}))).json()) as {
      uploads: { ticket: string }[];
    };
    const ticket = created.uploads[0]?.ticket ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

    const changed = ticket.split('').map((char, index) => {
      const other = alphabet[(alphabet.indexOf(char) + 1) % 64] ?? 'A';
      return ticket.slice(0, index) + other + ticket.slice(index + 1);
    });

    for (let start = 0; start < changed.length; start += 100) {
      const response = await post('/v1/uploads/abort', { tickets: changed.slice(start, start + 100) });
      const { results } = (await response.json()) as { results: { error?: { code: string } }[] };
      assert.deepEqual([...new Set(results.map((each) => each.error?.code))], ['ticket-invalid']);
    }
  });

  it('refuses tickets of another secret and expired ones', async () => {
    let now = new Date('2026-11-22T12:00:00Z');
    const signer = testSigner({}, { now: () => now });
    const other = testSigner({}, { secret: 'another secret of the tests that is long enough' });
    const created = (await (await signer.post('/v1/uploads', files({}))).json()) as {
      uploads: { ticket: string }[];
    };
    const tickets = created.uploads.map((each) => each.ticket);

    const foreign = (await (await other.post('/v1/uploads/abort', { tickets })).json()) as { code: string };
    now = new Date(now.getTime() + 7 * 24 * 3600 * 1000);
    const expired = (await (await signer.post('/v1/uploads/abort', { tickets })).json()) as { code: string };

    assert.deepEqual([foreign.code, expired.code], ['ticket-invalid', 'ticket-expired']);
  });

  it('refuses unknown fields, empty lists and more than 100', async () => {
    const { post } = testSigner();

    for (const body of [
      { tickets: [], key: 'x' },
      { tickets: [] },
      { tickets: Array.from({ length: 101 }, () => 'x') },
      {},
    ]) {
      const response = await post('/v1/uploads/status', body);
      assert.equal(response.status, 400);
    }
  });
});
