// POST /v1/uploads for large files: the threshold, the plan, and what happens when storage or the caller fails.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { CreateUploadsResponse, SitePolicy } from '../../server/protocol.js';
import type { Site } from '../../server/sites/site.js';
import { create } from '../support/create-uploads.js';
import { startScriptedStore, xml, type Script, type ScriptedStore } from '../support/scripted-store.js';
import { ORIGIN } from '../support/test-site.js';
import { photo, testSigner, type TestSigner } from '../support/test-signer.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const NO_LIMITS = { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: null };

async function play(
  t: TestContext,
  script: Script = {},
  overrides: Partial<Site> = {},
): Promise<{ readonly signer: TestSigner; readonly store: ScriptedStore }> {
  const opening = { create: () => ({ body: xml.created('an upload id of storage') }) };
  const store = await startScriptedStore({ ...opening, ...script }, { provider: 'b2' });
  t.after(() => store.close());
  return { store, signer: testSigner({ storage: store.settings, ...overrides }) };
}

describe('the threshold', () => {
  const { storage } = testSigner().site;
  for (const [title, site, thresholdBytes] of [
    ['is 16 MiB by default', {}, 16 * MIB],
    ["is the site's", { multipartThresholdBytes: 5 * MIB }, 5 * MIB],
    [
      'is never above what the store takes in one request',
      { multipartThresholdBytes: 5 * GIB },
      5_000_000_000,
    ],
    [
      'may be 5 GiB on Amazon S3',
      {
        multipartThresholdBytes: 5 * GIB,
        storage: { ...storage, endpoint: 'https://s3.eu-west-1.amazonaws.com' },
      },
      5 * GIB,
    ],
  ] as const) {
    it(title, async () => {
      const signer = testSigner(site);

      const policy = (await (await signer.get(`/v1/sites/${signer.site.key}`)).json()) as SitePolicy;

      assert.equal(policy.multipart.thresholdBytes, thresholdBytes);
    });
  }

  it('is the largest file that goes in one request', async (t) => {
    const { signer } = await play(t);

    const { uploads, multiparts } = await create(signer, [
      photo({ size: 16 * MIB }),
      photo({ size: 16 * MIB + 1 }),
    ]);

    assert.deepEqual([uploads.length, multiparts.length], [1, 1]);
    assert.deepEqual([multiparts[0]?.partSize, multiparts[0]?.partCount], [16 * MIB, 2]);
  });
});

describe('an upload in parts', () => {
  it('starts with type and name, and tells the page neither key nor id of storage', async (t) => {
    let headers: Readonly<Record<string, unknown>> = {};
    const { signer } = await play(t, {
      create: (request) => {
        headers = request.headers;
        return { body: xml.created('an upload id of storage') };
      },
    });

    const { multiparts } = await create(signer, [photo({ size: GIB, name: 'Käse.jpg' })]);

    assert.equal(headers['content-type'], 'image/jpeg');
    assert.equal(headers['x-amz-meta-name'], 'K%C3%A4se.jpg');
    assert.doesNotMatch(JSON.stringify(multiparts), /upload id|uploads\/2/);
  });

  it('signs the first twelve parts at once where no MD5 is wanted, length bound and no type', async (t) => {
    const { signer } = await play(t, {}, { integrity: false });

    const { multiparts } = await create(signer, [photo({ size: GIB, partSizeHint: 20 * MIB })]);

    const parts = multiparts[0]?.parts ?? [];
    const query = new URL(parts[11]?.request.url ?? '').searchParams;
    assert.equal(parts.length, 12);
    assert.equal(query.get('partNumber'), '12');
    assert.equal(query.get('X-Amz-SignedHeaders'), 'content-length;host');
    assert.deepEqual(parts[11]?.request.headers, {});
    assert.doesNotMatch(parts[11]?.request.url ?? '', /x-amz-checksum|x-amz-sdk|x-id/i);
  });

  it('gives the bytes back when storage refuses it, and says nothing of storage', async (t) => {
    const limits = { ...NO_LIMITS, bytesPerDay: GIB };
    const { signer } = await play(
      t,
      {
        create: ({ earlier }) =>
          earlier === 0
            ? { status: 403, body: xml.error('AccessDenied') }
            : { body: xml.created('an upload id of storage') },
      },
      { limits },
    );

    const refused = await create(signer, [photo({ size: GIB })]);
    const taken = await create(signer, [photo({ size: GIB })]);

    assert.deepEqual([refused.status, refused.code], [502, 'storage-error']);
    assert.equal(taken.status, 201);
    assert.equal(taken.multiparts.length, 1);
  });

  it('fails alone among others', async (t) => {
    const { signer } = await play(t, { create: () => ({ status: 403, body: xml.error('AccessDenied') }) });

    const { status, uploads, errors } = await create(signer, [photo(), photo({ size: GIB }), photo()]);

    assert.deepEqual([status, uploads.length], [201, 2]);
    assert.deepEqual(
      errors.map((error) => error?.code),
      [undefined, 'storage-error', undefined],
    );
  });

  it('is handed out when another of the same call fails unforeseen, and that one costs no bytes', async (t) => {
    const store = await startScriptedStore(
      { create: () => ({ body: xml.created('an upload id of storage') }) },
      { provider: 'b2' },
    );
    t.after(() => store.close());
    let drawn = 0;
    const random = () => {
      drawn += 1;
      if (drawn === 17) throw new Error('The generator of random numbers failed.');
      return 0.5;
    };
    const limits = { ...NO_LIMITS, bytesPerDay: 3 * GIB };
    const signer = testSigner({ storage: store.settings, limits }, { random });
    const files = [photo({ size: GIB }), photo({ size: GIB }), photo({ size: GIB })];

    const { status, multiparts, errors } = await create(signer, files);
    const again = await create(signer, [photo({ size: GIB })]);

    assert.deepEqual(
      [status, multiparts.length, errors[1]?.code, errors[1]?.retryable],
      [201, 2, 'internal', true],
    );
    assert.doesNotMatch(JSON.stringify(errors), /generator/);
    assert.equal(again.status, 201);
  });

  it('is aborted when its ticket would be too long', async (t) => {
    const { signer, store } = await play(t, {
      create: () => ({ body: xml.created(randomBytes(1500).toString('base64url')) }),
      abort: () => ({ status: 204 }),
    });

    const { errors } = await create(signer, [photo({ size: GIB })]);

    assert.equal(errors[0]?.code, 'invalid-name');
    assert.deepEqual(store.calls, ['create', 'abort']);
  });

  it('is aborted, and its bytes given back, when the caller went away meanwhile', async (t) => {
    const caller = new AbortController();
    const { signer, store } = await play(
      t,
      {
        create: () => {
          caller.abort();
          return { body: xml.created('an upload id of storage') };
        },
        abort: () => ({ status: 204 }),
      },
      { limits: { ...NO_LIMITS, bytesPerDay: GIB } },
    );
    const files = [photo({ size: GIB })];

    const response = await signer.app.request('/v1/uploads', {
      method: 'POST',
      signal: caller.signal,
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify({ siteKey: signer.site.key, files }),
    });

    assert.equal(((await response.json()) as CreateUploadsResponse).uploads.length, 1);
    assert.deepEqual(store.calls, ['create', 'abort']);
    assert.equal((await create(signer, files)).status, 201);
  });
});
