// What caps uploads: rates, the quota of a day, and grants of the site's backend.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { create, only } from '../support/create-uploads.js';
import { photo, testSigner } from '../support/test-signer.js';

describe('limits', () => {
  const limits = { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: null };

  it('lets a large batch pass in pieces and says when to come back', async () => {
    const signer = testSigner({ limits: { ...limits, uploadsPerMinute: 3 } });

    const first = await create(signer, [photo(), photo(), photo(), photo()]);
    const second = await create(signer, [photo()]);

    assert.deepEqual(
      first.errors.map((error) => error?.code),
      [undefined, undefined, undefined, 'rate-limited'],
    );
    assert.equal(second.status, 429);
    assert.ok(Number(second.headers.get('retry-after')) > 0);
  });

  it('counts addresses apart', async () => {
    let address = '203.0.113.1';
    const signer = testSigner(
      { limits: { ...limits, uploadsPerMinutePerIp: 1 } },
      { clientAddress: () => address },
    );

    const statuses = [(await create(signer, [photo()])).status, (await create(signer, [photo()])).status];
    address = '203.0.113.2';
    statuses.push((await create(signer, [photo()])).status);

    assert.deepEqual(statuses, [201, 429, 201]);
  });

  it('costs no rate when the quota refuses, and no quota when the rate refuses', async () => {
    const signer = testSigner({ limits: { ...limits, uploadsPerMinute: 2, bytesPerDay: 2000 } });

    const over = await create(signer, [photo({ size: 2001 })]);
    const first = await create(signer, [photo({ size: 1 }), photo({ size: 1 }), photo({ size: 1998 })]);
    const quota = await create(signer, [photo({ size: 1998 })]);

    assert.equal(over.code, 'quota-exceeded');
    assert.deepEqual(
      first.errors.map((error) => error?.code),
      [undefined, undefined, 'rate-limited'],
    );
    assert.equal(quota.code, 'rate-limited');
  });

  it("never passes a day's bytes, however many ask at once, and reserves nothing for a refused call", async () => {
    const signer = testSigner({ limits: { ...limits, bytesPerDay: 10_000 } });

    const over = await create(signer, [photo({ size: 10_001 })]);
    const all = await Promise.all(Array.from({ length: 50 }, () => create(signer, [photo()])));

    assert.deepEqual([over.status, over.code], [403, 'quota-exceeded']);
    assert.equal(all.filter(({ status }) => status === 201).length, 10);
  });
});

describe('grants', () => {
  const secret = 'a grant secret of the tests that is long enough';
  const grant = { required: true, secrets: [secret] };
  const sign = (claims: Record<string, unknown>, key = secret) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'grant+jwt' })
      .setAudience(testSigner().site.key)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(key));

  it('are required where the site says so, and narrow what may be sent', async () => {
    const signer = testSigner({ grant });

    const without = await create(signer, [photo()]);
    const narrow = await create(signer, [photo()], { grant: await sign({ accept: ['image/png'] }) });
    const placed = await create(signer, [photo()], { grant: await sign({ prefix: 'user-7/' }) });

    assert.deepEqual([without.status, without.code], [401, 'grant-required']);
    assert.equal(narrow.code, 'type-not-allowed');
    assert.match(new URL(only(placed).request.url).pathname, /^\/test-uploads\/uploads\/user-7\/\d{4}\//);
  });

  it('count over all their uses', async () => {
    const signer = testSigner({ grant });
    const files = await sign({ maxFiles: 2, jti: 'one' });
    const bytes = await sign({ maxBytes: 1500 });

    const codes = [];
    for (const each of [files, files, files, bytes, bytes]) {
      codes.push((await create(signer, [photo()], { grant: each })).code);
    }

    assert.deepEqual(codes, [undefined, undefined, 'quota-exceeded', undefined, 'quota-exceeded']);
  });

  it('are refused with another secret, another site, no end, or more than a day to live', async () => {
    const signer = testSigner({ grant });
    const key = new TextEncoder().encode(secret);
    const raw = (claims: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'grant+jwt' }).sign(key);
    const soon = Math.floor(Date.now() / 1000) + 600;
    const bad = [
      await sign({}, 'another secret of the tests that is long enough'),
      await raw({ aud: 'pk_other', exp: soon }),
      await raw({ aud: signer.site.key }),
      await raw({ aud: signer.site.key, exp: soon + 25 * 3600 }),
      await raw({ aud: signer.site.key, exp: soon - 1200 }),
      await sign({ prefix: '../' }),
      await sign({ accept: [] }),
      await sign({ accept: [' '] }),
      'nonsense',
    ];

    for (const each of bad)
      assert.equal((await create(signer, [photo()], { grant: each })).code, 'grant-invalid');
  });
});
