// A call that is made again because its answer was lost, or because it takes long: one upload, counted once.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { assert as check, integer, property } from 'fast-check';
import type { Limiter } from '../../server/limits/limiter.js';
import { createMemoryLimiter } from '../../server/limits/memory-limiter.js';
import { createUploadId, idOfKey, objectKey, recentKeyStarts } from '../../server/object-key.js';
import type { Site } from '../../server/sites/site.js';
import { create, only } from '../support/create-uploads.js';
import { untilAborted } from '../support/quick-sleep.js';
import { startScriptedStore, xml, type Script } from '../support/scripted-store.js';
import { ORIGIN } from '../support/test-site.js';
import { photo, testSigner } from '../support/test-signer.js';

const GIB = 2 ** 30;
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';
const OTHER = 'BBBBBBBBBBBBBBBBBBBBBB';
const again = (more: Record<string, unknown> = {}) => photo({ nonce: NONCE, repeated: true, ...more });
const large = (more: Record<string, unknown> = {}) => photo({ nonce: NONCE, size: GIB, ...more });
const LIMITS = { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: null };

async function play(
  t: TestContext,
  script: Script = {},
  { limiter, ...site }: Partial<Site> & { readonly limiter?: Limiter } = {},
) {
  const opening: Script = {
    create: () => ({ body: xml.created('an upload id') }),
    abort: () => ({ status: 204 }),
  };
  const store = await startScriptedStore({ ...opening, ...script }, { provider: 'b2' });
  t.after(() => store.close());
  return { store, signer: testSigner({ storage: store.settings, ...site }, limiter && { limits: limiter }) };
}

/** A limiter that tells when the first and the second call are counted: the places of their files are taken then. */
function countCalls() {
  const [first, second] = [new AbortController(), new AbortController()];
  const coming = [first, second].values();
  const inner = createMemoryLimiter();
  const take: Limiter['take'] = (allowances, points) => {
    if (allowances.some(({ key }) => key.startsWith('bytes '))) coming.next().value?.abort();
    return inner.take(allowances, points);
  };
  return { limiter: { ...inner, take }, firstCame: first.signal, bothCame: second.signal };
}

describe('a file that is asked for again with its nonce', () => {
  it('is the same upload, counted once for rate and quota', async () => {
    const signer = testSigner({ limits: { ...LIMITS, uploadsPerMinute: 2, bytesPerDay: 2000 } });

    const first = only(await create(signer, [photo({ nonce: NONCE })]));
    const second = only(await create(signer, [again()]));
    const other = only(await create(signer, [photo({ nonce: OTHER })]));
    const third = await create(signer, [photo({ nonce: 'CCCCCCCCCCCCCCCCCCCCCC' })]);

    assert.deepEqual([second.id, second.ticket], [first.id, first.ticket]);
    assert.notEqual(other.id, first.id);
    assert.equal(third.code, 'quota-exceeded');
  });

  it('is another upload when it is another file', async () => {
    const signer = testSigner();
    const files = [
      again(),
      again({ size: 999 }),
      again({ name: 'b.jpg' }),
      again({ md5: 'XrY7u+Ae7tCTyyK7j1rNww==' }),
    ];

    const { uploads } = await create(signer, files);

    assert.equal(new Set(uploads.map(({ id }) => id.slice(10))).size, 4);
  });

  it('is begun once in storage, also when both calls come at once', async (t) => {
    const { limiter, firstCame, bothCame } = countCalls();
    const createOnceBothCame = async () => {
      await untilAborted(bothCame);
      return { body: xml.created('an upload id') };
    };
    const site = { limiter, limits: { ...LIMITS, bytesPerDay: GIB }, integrity: false };
    const { signer, store } = await play(t, { create: createOnceBothCame }, site);

    const first = create(signer, [large()]);
    await untilAborted(firstCame);
    const both = await Promise.all([first, create(signer, [large({ repeated: true })])]);
    const later = await create(signer, [large({ repeated: true })]);

    const tickets = [...both, later].map(({ multiparts }) => multiparts[0]?.ticket);
    assert.deepEqual(store.calls, ['create']);
    assert.deepEqual([tickets[0], new Set(tickets).size], [later.multiparts[0]?.ticket, 1]);
    assert.deepEqual([both[0]?.multiparts[0]?.parts.length, later.multiparts[0]?.parts.length], [12, 0]);
  });

  it('is valid no longer than when it was planned, and remembered for ten minutes', async () => {
    let at = Date.parse('2026-02-03T10:00:00Z');
    const signer = testSigner({}, { now: () => new Date(at) });

    const first = only(await create(signer, [again()]));
    at += 9 * 60_000;
    const second = only(await create(signer, [again()]));
    at += 2 * 60_000;
    const third = only(await create(signer, [again()]));

    assert.deepEqual([second.request.url, second.request.expiresInSeconds], [first.request.url, 360]);
    assert.notEqual(third.id, first.id);
    assert.equal(third.request.expiresInSeconds, 900);
  });

  it('is valid for no longer than its signature after the clock was set back', async () => {
    let at = Date.parse('2026-02-03T10:00:00Z');
    const signer = testSigner({}, { now: () => new Date(at) });

    await create(signer, [again()]);
    at -= 3_600_000;
    const second = only(await create(signer, [again()]));

    assert.equal(second.request.expiresInSeconds, 900);
  });

  it('is planned anew when the first try failed, for all who waited', async (t) => {
    const { limiter, bothCame } = countCalls();
    const script: Script = {
      create: async ({ earlier }) => {
        await untilAborted(bothCame);
        return earlier === 0
          ? { status: 403, body: xml.error('AccessDenied') }
          : { body: xml.created('an upload id') };
      },
    };
    const { signer } = await play(t, script, { limiter, limits: { ...LIMITS, bytesPerDay: 2 * GIB } });

    const both = await Promise.all([create(signer, [large()]), create(signer, [large()])]);
    const later = await create(signer, [large()]);

    assert.deepEqual(
      both.map(({ code }) => code),
      ['storage-error', 'storage-error'],
    );
    assert.equal(later.multiparts.length, 1);
  });

  it('is not remembered when the whole call was refused', async () => {
    const signer = testSigner({ limits: { ...LIMITS, bytesPerDay: 1500 } });

    const refused = await create(signer, [again(), photo()]);
    const taken = await create(signer, [again()]);

    assert.deepEqual([refused.code, taken.status], ['quota-exceeded', 201]);
  });

  it('is not taken from a second call when the caller of the first went away', async (t) => {
    const [caller, begun, go] = [new AbortController(), new AbortController(), new AbortController()];
    const { limiter, bothCame } = countCalls();
    const script: Script = {
      create: async () => {
        begun.abort();
        await untilAborted(go.signal);
        return { body: xml.created('an upload id') };
      },
    };
    const site = { limiter, limits: { ...LIMITS, bytesPerDay: GIB } };
    const { signer, store } = await play(t, script, site);
    const body = JSON.stringify({ siteKey: signer.site.key, files: [large()] });
    const headers = { origin: ORIGIN, 'content-type': 'application/json' };

    const first = signer.app.request('/v1/uploads', { method: 'POST', signal: caller.signal, headers, body });
    await untilAborted(begun.signal);
    const second = create(signer, [large({ repeated: true })]);
    await untilAborted(bothCame);
    caller.abort();
    go.abort();
    await first;

    assert.equal((await second).multiparts.length, 1);
    assert.deepEqual(store.calls, ['create']);
  });

  it('is begun anew where storage lets nobody look for it', async (t) => {
    const { signer, store } = await play(t, {
      find: () => ({ status: 403, body: xml.error('AccessDenied') }),
    });

    const { multiparts } = await create(signer, [large({ repeated: true })]);

    assert.equal(multiparts.length, 1);
    assert.equal(store.calls.at(-1), 'create');
  });

  for (const nonce of ['', 'short', `${NONCE}=`, 'ü'.repeat(22), 'A'.repeat(65), 7]) {
    it(`is refused when its nonce is ${JSON.stringify(nonce)}`, async () => {
      const { status, code } = await create(testSigner(), [photo({ nonce })]);

      assert.deepEqual([status, code], [400, 'invalid-request']);
    });
  }
});

describe('a key of the last minutes', () => {
  const minutes = 17 * 60_000;

  it('begins as one of those that are looked for, whatever the hour', () => {
    const instants = integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
    const midnights = integer({ min: 1, max: 300 }).map((day) => Date.parse('2026-01-01') + day * 86_400_000);
    check(property(instants, integer({ min: 0, max: minutes }), begins));
    check(
      property(
        midnights,
        integer({ min: 0, max: minutes }),
        integer({ min: 0, max: minutes }),
        (day, past, ageMs) => begins(day + past, ageMs),
      ),
    );
  });
});

/** Whether the key of an upload that was begun some time ago is among those that are looked for. */
function begins(at: number, ageMs: number): boolean {
  const begunAt = new Date(at - ageMs);
  const id = createUploadId(begunAt, () => 0.5);
  const key = objectKey({ prefix: 'site/', id, type: 'image/jpeg', now: begunAt });
  const starts = recentKeyStarts({ prefix: 'site/', now: new Date(at) });
  return idOfKey(key) === id && starts.length <= 3 && starts.some((start) => key.startsWith(start));
}
