// Renditions: further objects of one image, under its id. What the signer plans, and what it refuses.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import type { RenditionPolicy } from '../../server/protocol.js';
import { create } from '../support/create-uploads.js';
import { photo, testSigner } from '../support/test-signer.js';
import { startScriptedStore, stored } from '../support/scripted-store.js';
import { testSite } from '../support/test-site.js';

const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';
const { image } = testSite();
const naming = (...renditions: readonly RenditionPolicy[]) => ({ image: { ...image, renditions } });

/** A rendition as the widget asks for it. */
function thumb(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const file = { name: 'photo.webp', type: 'image/webp', size: 100, renditionOf: 0, rendition: 'thumb' };
  return { ...file, ...overrides };
}

describe('a rendition', () => {
  it('is planned beside its source, under its id', async () => {
    const { uploads } = await create(testSigner(), [photo(), thumb(), thumb({ rendition: 'w-640' })]);

    const [source, ...renditions] = uploads;
    assert.ok(source);
    const folder = new URL(source.request.url).pathname.replace(`${source.id}.jpg`, '');
    assert.deepEqual(
      renditions.map(({ id, request }) => [id, new URL(request.url).pathname]),
      ['thumb', 'w-640'].map((name) => [`${source.id}.${name}`, `${folder}${source.id}.${name}.webp`]),
    );
  });

  it('may come before its source, or in a later call with the ticket of it', async () => {
    const signer = testSigner();

    const { uploads } = await create(signer, [thumb({ renditionOf: 1 }), photo()]);
    const [rendition, source] = uploads;
    const later = await create(signer, [thumb({ renditionOf: source?.ticket, rendition: 'wide' })]);

    assert.equal(rendition?.id, `${source?.id}.thumb`);
    assert.equal(later.uploads[0]?.id, `${source?.id}.wide`);
  });

  it('counts for bytes, not for the number of files, and needs no minimal size', async () => {
    const signer = testSigner({ maxFiles: 1, maxTotalSizeBytes: 1150, minSizeBytes: 500 });

    const taken = await create(signer, [photo(), thumb()]);
    const large = await create(signer, [photo(), thumb({ size: 151 })]);
    const many = await create(signer, [photo(), photo(), thumb()]);

    assert.deepEqual([taken.status, large.code, many.code], [201, 'total-too-large', 'too-many-files']);
  });

  it('is made as the site names it, whatever files the site takes', async () => {
    const signer = testSigner({ accept: ['image/jpeg'], ...naming({ name: 'thumb', maxWidth: 320 }) });

    const { errors } = await create(signer, [
      photo(),
      thumb(),
      thumb({ rendition: 'other' }),
      thumb({ renditionOf: 0, rendition: 'third', name: 'a.html', type: 'text/html' }),
    ]);

    assert.deepEqual(
      errors.map((error) => error && [error.code, error.field]),
      [
        undefined,
        undefined,
        ['invalid-request', 'files[2].rendition'],
        ['invalid-request', 'files[3].rendition'],
      ],
    );
  });

  it('is an image, and of a type that the site takes where the page chooses it', async () => {
    const page = { name: 'a.pdf', type: 'application/pdf' };

    const { errors } = await create(testSigner({ accept: ['image/jpeg', '.pdf'] }), [
      photo(),
      thumb(),
      thumb({ rendition: 'page', ...page }),
      thumb({ rendition: 'small', name: 'a.jpg', type: 'image/jpeg' }),
    ]);

    assert.deepEqual(
      errors.map((error) => error && [error.code, error.field]),
      [undefined, ['type-not-allowed', 'files[1].type'], ['type-not-allowed', 'files[2].type'], undefined],
    );
  });

  it('fails with its source, for the same reason', async () => {
    const limits = { uploadsPerMinute: 1, uploadsPerMinutePerIp: null, bytesPerDay: null };

    const refused = await create(testSigner({ maxSizeBytes: 999 }), [photo(), thumb()]);
    const limited = await create(testSigner({ limits }), [
      photo(),
      thumb(),
      photo(),
      thumb({ renditionOf: 2 }),
    ]);

    assert.deepEqual(
      refused.errors.map((error) => [error?.code, error?.field]),
      [
        ['file-too-large', 'files[0].size'],
        ['file-too-large', 'files[1].renditionOf'],
      ],
    );
    assert.deepEqual(
      limited.errors.map((error) => error?.code),
      [undefined, undefined, 'rate-limited', 'rate-limited'],
    );
    assert.ok((limited.errors[3]?.retryAfterSeconds ?? 0) > 0);
  });

  it('costs no bytes when it fails', async () => {
    const limits = { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: 2200 };
    const signer = testSigner({ limits, maxSizeBytes: 1000 });

    const failed = await create(signer, [photo({ size: 1001 }), thumb({ size: 900 })]);
    const first = await create(signer, [photo(), thumb()]);
    const second = await create(signer, [photo(), thumb()]);
    const third = await create(signer, [thumb({ renditionOf: first.uploads[0]?.ticket, size: 1 })]);

    assert.deepEqual(
      [failed.status, first.status, second.status, third.code],
      [413, 201, 201, 'quota-exceeded'],
    );
  });

  it('takes no turn of a file, but has turns of its own, ten for each file', async () => {
    const limits = { uploadsPerMinute: 1, uploadsPerMinutePerIp: null, bytesPerDay: null };
    const signer = testSigner({ limits });
    const source = photo({ nonce: NONCE, repeated: true });
    const named = (names: readonly string[]) => names.map((rendition) => thumb({ rendition }));

    const first = await create(signer, [source, ...named('abcdefghi'.split(''))]);
    const later = await create(signer, [thumb({ renditionOf: first.uploads[0]?.ticket, rendition: 'j' })]);
    const again = await create(signer, [source, ...named(['k'])]);

    assert.deepEqual([first.uploads.length, later.uploads.length], [10, 1]);
    assert.deepEqual(
      again.errors.map((error) => error?.code),
      [undefined, 'rate-limited'],
    );
  });

  it('is not taken for one of another source that was asked for with the same nonce', async () => {
    const signer = testSigner();
    const files = [photo(), thumb({ nonce: NONCE })];

    const [first, second] = [await create(signer, files), await create(signer, files)];
    const ticket = first.uploads[0]?.ticket;
    const third = await create(signer, [
      thumb({ nonce: NONCE, renditionOf: 1 }),
      photo({ nonce: NONCE }),
      thumb({ nonce: NONCE, renditionOf: ticket }),
    ]);

    const ids = (created: typeof first) => created.uploads.map(({ id }) => id);
    assert.deepEqual(
      [ids(first)[1], ids(second)[1], ids(third)[0], ids(third)[2]],
      [ids(first)[0], ids(second)[0], ids(third)[1], ids(first)[0]].map((id) => `${id}.thumb`),
    );
  });

  it('is the one that is stored when it is made again, with other bytes', async (t) => {
    const store = await startScriptedStore({ head: () => stored(250, 'image/webp') });
    t.after(() => store.close());
    const signer = testSigner({ storage: store.settings });
    const { uploads } = await create(signer, [photo(), thumb()]);
    assert.ok(!store.calls.includes('head'));

    const renditionOf = uploads[0]?.ticket;
    const again = await create(signer, [thumb({ renditionOf, nonce: NONCE, repeated: true })]);
    const answer = await signer.post('/v1/uploads/complete', { tickets: [again.uploads[0]?.ticket] });

    const { files } = (await answer.json()) as { files: { id: string; size: number }[] };
    assert.deepEqual([files[0]?.id, files[0]?.size], [`${uploads[0]?.id}.thumb`, 250]);
  });

  it('does not count for the files of a grant', async () => {
    const secret = 'a grant secret of the tests that is long enough';
    const signer = testSigner({ grant: { required: true, secrets: [secret] } });
    const grant = await new SignJWT({ maxFiles: 1 })
      .setProtectedHeader({ alg: 'HS256', typ: 'grant+jwt' })
      .setAudience(signer.site.key)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));

    const { status, errors } = await create(signer, [photo(), thumb()], { grant });

    assert.deepEqual([status, errors], [201, [undefined, undefined]]);
  });

  it('takes only the ticket of a file of the same site as its source', async () => {
    const signer = testSigner();
    const elsewhere = await create(testSigner({ key: 'pk_other_234567890abcdef1234' }), [photo()]);
    const { uploads } = await create(signer, [photo(), thumb()]);

    const { errors } = await create(signer, [
      photo(),
      thumb({ renditionOf: 'made up' }),
      thumb({ renditionOf: elsewhere.uploads[0]?.ticket }),
      thumb({ renditionOf: uploads[1]?.ticket }),
    ]);

    assert.deepEqual(
      errors.map((error) => error?.code),
      [undefined, 'ticket-invalid', 'ticket-invalid', 'ticket-invalid'],
    );
  });

  const eleven = Array.from({ length: 11 }, (_, index) => thumb({ rendition: `r${index}` }));
  for (const [title, files, field] of [
    ['no source', [photo(), thumb({ renditionOf: undefined })], 'files[1].renditionOf'],
    ['no name', [photo(), thumb({ rendition: undefined })], 'files[1].rendition'],
    ['a name of other letters', [photo(), thumb({ rendition: 'Big One' })], 'files[1].rendition'],
    ['a name of 33 letters', [photo(), thumb({ rendition: 'x'.repeat(33) })], 'files[1].rendition'],
    ['a path as its name', [photo(), thumb({ rendition: '../x' })], 'files[1].rendition'],
    ['itself as its source', [photo(), thumb({ renditionOf: 1 })], 'files[1].renditionOf'],
    [
      'a rendition as its source',
      [photo(), thumb(), thumb({ renditionOf: 1, rendition: 'b' })],
      'files[2].renditionOf',
    ],
    ['a source behind the end', [photo(), thumb({ renditionOf: 2 })], 'files[1].renditionOf'],
    ['a negative source', [photo(), thumb({ renditionOf: -1 })], 'files[1].renditionOf'],
    ['half a source', [photo(), thumb({ renditionOf: 0.5 })], 'files[1].renditionOf'],
    ['no index and no ticket', [photo(), thumb({ renditionOf: null })], 'files[1].renditionOf'],
    ['the name of another of its source', [photo(), thumb(), thumb()], 'files[2].rendition'],
    ['ten others of its source', [photo(), ...eleven], 'files[11].rendition'],
  ] as const) {
    it(`is refused with the whole call when it has ${title}`, async () => {
      const signer = testSigner();

      const response = await signer.post('/v1/uploads', { siteKey: signer.site.key, files });

      const problem = (await response.json()) as { code: string; field: string };
      assert.deepEqual([response.status, problem.code, problem.field], [400, 'invalid-request', field]);
    });
  }
});
