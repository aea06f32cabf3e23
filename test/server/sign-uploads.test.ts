// Signing parts: which may be asked for, and how often storage is asked whether the upload is still open.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Failed, SignedPart, SignResponse } from '../../server/protocol.js';
import { create } from '../support/create-uploads.js';
import { quickSleep } from '../support/quick-sleep.js';
import {
  startScriptedStore,
  stored,
  xml,
  type Script,
  type ScriptedStore,
} from '../support/scripted-store.js';
import { photo, secretsOf, testSigner } from '../support/test-signer.js';

const SIZE = 40 * 2 ** 20;
const MD5 = 'XrY7u+Ae7tCTyyK7j1rNww==';

interface Scene {
  readonly store: ScriptedStore;
  /** The ticket of a file of 40 MiB, in three parts. */
  readonly large: string;
  /** The ticket of a file that is sent in one request. */
  readonly small: string;
  readonly sign: (
    ...requests: readonly unknown[]
  ) => Promise<{ status: number; text: string } & SignResponse>;
}

async function play(t: TestContext, script: Script = {}): Promise<Scene> {
  const open = {
    create: () => ({ body: xml.created('an-upload-id-of-storage') }),
    list: () => ({ body: xml.parts([]) }),
  };
  const store = await startScriptedStore({ ...open, ...script }, { provider: 'b2' });
  t.after(() => store.close());
  const signer = testSigner({ storage: store.settings }, { sleep: quickSleep });
  const { uploads, multiparts } = await create(signer, [photo({ size: SIZE }), photo()]);
  return {
    store,
    large: multiparts[0]?.ticket ?? '',
    small: uploads[0]?.ticket ?? '',
    async sign(...requests) {
      const response = await signer.post('/v1/uploads/sign', { requests });
      const text = await response.text();
      for (const secret of secretsOf(signer.site)) {
        if (secret !== signer.site.storage.keyId) assert.ok(!text.includes(secret));
      }
      return { status: response.status, text, ...(JSON.parse(text) as SignResponse) };
    },
  };
}

const parts = (...numbers: readonly number[]) => numbers.map((partNumber) => ({ partNumber }));
const partsOf = (result: SignResponse['results'][number] | undefined): readonly SignedPart[] =>
  result && 'parts' in result ? result.parts : [];
const numbersOf = (result: SignResponse['results'][number] | undefined) =>
  partsOf(result).map(({ partNumber }) => partNumber);
const errorOf = (result: SignResponse['results'][number] | undefined) => (result as Failed).error;

describe('signing parts', () => {
  it('binds number, length and MD5 of each, and nothing that a page may not set', async (t) => {
    const { sign, large } = await play(t);

    const { results } = await sign({ ticket: large, parts: [{ partNumber: 3, md5: MD5 }] });

    const [part] = partsOf(results[0]);
    const query = new URL(part?.request.url ?? '').searchParams;
    assert.deepEqual(part?.request.headers, { 'content-md5': MD5 });
    assert.equal(part?.request.expiresInSeconds, 900);
    assert.equal(query.get('X-Amz-SignedHeaders'), 'content-length;content-md5;host');
    assert.equal(query.get('partNumber'), '3');
    assert.doesNotMatch(part?.request.url ?? '', /x-amz-checksum|x-amz-sdk|x-id/i);
  });

  it('answers one ticket with several lists of parts, in order, and asks storage once', async (t) => {
    const { sign, store, large, small } = await play(t);

    const { status, results } = await sign(
      { ticket: large, parts: parts(2, 1) },
      { ticket: small },
      { ticket: large, parts: parts(3, 3) },
      { ticket: large, parts: parts(2, 1) },
    );

    assert.equal(status, 200);
    assert.deepEqual([results[0], results[2], results[3]].map(numbersOf), [
      [2, 1],
      [3, 3],
      [2, 1],
    ]);
    assert.ok(results[1] && 'request' in results[1]);
    assert.equal(store.calls.filter((call) => call === 'list').length, 1);
  });

  it('takes a hundred at once', async (t) => {
    const { sign, large } = await play(t);

    const { results } = await sign({ ticket: large, parts: parts(...Array.from({ length: 100 }, () => 1)) });

    assert.equal(partsOf(results[0]).length, 100);
  });

  for (const number of [0, -1, 4, 10_001]) {
    it(`refuses part ${number} of three, and only that item`, async (t) => {
      const { sign, large } = await play(t);

      const { status, results } = await sign(
        { ticket: large, parts: parts(1) },
        { ticket: large, parts: parts(2, number) },
      );

      const { code, field } = errorOf(results[1]);
      assert.equal(status, 200);
      assert.deepEqual(numbersOf(results[0]), [1]);
      assert.deepEqual([code, field], ['invalid-part', 'requests[1].parts[1].partNumber']);
    });
  }

  it('tells a file in parts from one in a single request', async (t) => {
    const { sign, large, small } = await play(t);

    const { results } = await sign(
      { ticket: large },
      { ticket: large, md5: MD5, parts: parts(1) },
      { ticket: small, parts: parts(1) },
    );

    assert.deepEqual(
      results.map((result) => [errorOf(result).code, errorOf(result).field]),
      [
        ['invalid-request', 'requests[0].parts'],
        ['invalid-request', 'requests[1].md5'],
        ['invalid-part', 'requests[2].parts'],
      ],
    );
  });

  for (const [title, head, code] of [
    ['is stored', stored(SIZE, 'image/jpeg'), 'conflict'],
    ['is gone', { status: 404 }, 'upload-gone'],
  ] as const) {
    it(`says that an upload ${title}, without a word of storage`, async (t) => {
      const { sign, large } = await play(t, {
        list: () => ({ status: 404, body: xml.error('NoSuchUpload') }),
        head: () => head,
      });

      const { text, results } = await sign({ ticket: large, parts: parts(1) });

      assert.equal(errorOf(results[0]).code, code);
      assert.doesNotMatch(text, /upload-id|NoSuch|127\.0\.0\.1|uploads\/2/);
    });
  }

  it('refuses a ticket of another secret', async (t) => {
    const { sign } = await play(t);
    const other = await play(t);
    const foreign = testSigner({}, { secret: 'another secret of the tests that is long enough' });

    const response = await foreign.post('/v1/uploads/sign', {
      requests: [{ ticket: other.large, parts: parts(1) }],
    });

    assert.equal(response.status, 401);
    assert.equal((await sign({ ticket: other.large, parts: parts(1) })).status, 200);
  });
});
