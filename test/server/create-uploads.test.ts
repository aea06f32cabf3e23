// What POST /v1/uploads promises: keys, signed headers, policy verdicts, limits and grants.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sample, string } from 'fast-check';
import { SignJWT } from 'jose';
import type { CreateUploadsResponse, ItemError, PutUpload } from '../../server/protocol.js';
import { photo, testSigner, type TestSigner } from '../support/test-signer.js';

interface Created {
  readonly status: number;
  readonly headers: Headers;
  readonly uploads: readonly PutUpload[];
  readonly errors: readonly (ItemError | undefined)[];
  readonly code?: string;
}

async function create(
  { post, site }: TestSigner,
  files: unknown[],
  extra: Record<string, unknown> = {},
): Promise<Created> {
  const response = await post('/v1/uploads', { siteKey: site.key, files, ...extra });
  const body = (await response.json()) as CreateUploadsResponse & { code?: string };
  const items = body.uploads ?? [];
  return {
    status: response.status,
    headers: response.headers,
    uploads: items.filter((item) => 'request' in item),
    errors: items.map((item) => ('error' in item ? item.error : undefined)),
    ...(body.code === undefined ? {} : { code: body.code }),
  };
}

const only = ({ uploads: [upload] }: Created): PutUpload => {
  assert.ok(upload);
  return upload;
};

describe('a signed PUT', () => {
  it('binds length, type, MD5 and name, and lists only headers that a browser may set', async () => {
    const md5 = 'XrY7u+Ae7tCTyyK7j1rNww==';

    const { request } = only(await create(testSigner(), [photo({ md5, name: 'Café “1”.jpg' })]));

    const query = new URL(request.url).searchParams;
    assert.equal(
      query.get('X-Amz-SignedHeaders'),
      'content-length;content-md5;content-type;host;x-amz-meta-name',
    );
    assert.equal(query.get('X-Amz-Expires'), '900');
    assert.equal(request.expiresInSeconds, 900);
    assert.deepEqual(request.headers, {
      'content-type': 'image/jpeg',
      'content-md5': md5,
      'x-amz-meta-name': encodeURIComponent('Café “1”.jpg'),
    });
  });

  it('carries none of the checksum parameters that the SDK adds by itself', async () => {
    const { request } = only(await create(testSigner(), [photo()]));

    assert.doesNotMatch(request.url, /x-amz-checksum|x-amz-sdk|x-id/i);
  });

  it('goes to a dated key with a random id and the extension of the type', async () => {
    const signer = testSigner({}, { now: () => new Date('2026-02-03T23:59:59Z') });

    const upload = only(await create(signer, [photo({ name: 'x.JPEG' })]));

    assert.match(upload.id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.equal(new URL(upload.request.url).pathname, `/test-uploads/uploads/2026/02/03/${upload.id}.jpg`);
  });

  it('never lets a name reach the key, whatever it holds', async () => {
    const signer = testSigner();
    const hostile = [
      '../../etc/passwd',
      '..\\..\\x',
      '%2e%2e%2f',
      'a.png#x',
      'a?b=c',
      'a\0b',
      'a\r\nX-Evil: 1',
      '\ud800.png',
      'CON',
      '.htaccess',
      'a\u202egpj.txt',
      '"; rm -rf /',
      '<img src=x onerror=alert(1)>.png',
    ];
    const names = [...hostile, ...sample(string({ minLength: 1, unit: 'binary' }), 1000)];

    for (let start = 0; start < names.length; start += 50) {
      const files = names.slice(start, start + 50).map((name) => ({ name, size: 1, type: '' }));
      const { uploads, errors } = await create(signer, files);
      for (const error of errors) if (error) assert.equal(error.code, 'type-not-allowed');
      for (const { request, id } of uploads) {
        const path = decodeURIComponent(new URL(request.url).pathname);
        assert.match(path, new RegExp(`^/test-uploads/uploads/\\d{4}/\\d\\d/\\d\\d/${id}(\\.[a-z0-9]+)?$`));
        assert.match(request.headers['x-amz-meta-name'] ?? '', /^[\x21-\x7e]{1,1024}$/);
      }
    }
  });

  it('answers for a virtual-host store when path style is off', async () => {
    const { storage } = testSigner().site;
    const signer = testSigner({ storage: { ...storage, pathStyle: false } });

    const { request } = only(await create(signer, [photo()]));

    assert.equal(new URL(request.url).hostname, 'test-uploads.s3.us-west-004.backblazeb2.com');
  });
});

describe('a site policy', () => {
  const image = { accept: ['image/*', '.pdf'] };
  const verdicts: readonly [string, Record<string, unknown>, string | undefined][] = [
    ['a photo', photo(), undefined],
    ['upper case and parameters', photo({ type: 'IMAGE/JPEG; charset=x' }), undefined],
    ['an extension that stands for a listed one', photo({ name: 'a.JPE', type: '' }), undefined],
    ['a pdf by its extension', photo({ name: 'a.pdf', type: '' }), undefined],
    ['a wildcard as type', photo({ type: 'image/*' }), 'type-not-allowed'],
    ['two types', photo({ type: 'image/png,text/html' }), 'type-not-allowed'],
    ['html named png', photo({ name: 'a.png', type: 'text/html' }), 'type-not-allowed'],
    ['png named html', photo({ name: 'a.html', type: 'image/png' }), 'type-not-allowed'],
    ['svg', photo({ name: 'a.svg', type: 'image/svg+xml' }), 'type-not-allowed'],
    ['a script behind a picture', photo({ name: 'a.png.php', type: 'image/png' }), 'type-not-allowed'],
    [
      'an extension hidden by a direction override',
      photo({ name: 'a\u202egnp.exe', type: 'image/png' }),
      'type-not-allowed',
    ],
    ['a header in the type', photo({ type: 'image/png\r\nX: y' }), 'type-not-allowed'],
  ];
  for (const [title, file, expected] of verdicts) {
    it(`${expected === undefined ? 'takes' : 'refuses'} ${title}`, async () => {
      const { errors } = await create(testSigner(image), [file]);

      assert.equal(errors[0]?.code, expected);
    });
  }

  for (const [name, type] of [
    ['a.html', 'text/html'],
    ['a.xhtml', 'application/xhtml+xml'],
    ['a.js', 'text/javascript'],
    ['a.xml', 'text/xml'],
  ] as const) {
    it(`refuses ${type} where everything is accepted, unless the site says so`, async () => {
      const refused = await create(testSigner(), [{ name, type, size: 1 }]);
      const taken = await create(testSigner({ unsafeActiveTypes: true }), [{ name, type, size: 1 }]);

      assert.equal(refused.errors[0]?.code, 'type-not-allowed');
      assert.equal(taken.errors[0], undefined);
    });
  }

  it('takes a file of exactly the limit and refuses one byte more, naming the limit', async () => {
    const { status, errors } = await create(testSigner({ maxSizeBytes: 1000 }), [
      photo(),
      photo({ size: 1001 }),
    ]);

    assert.equal(status, 201);
    assert.deepEqual(
      [errors[0], errors[1]?.code, errors[1]?.field],
      [undefined, 'file-too-large', 'files[1].size'],
    );
    assert.match(errors[1]?.detail ?? '', /1000 bytes/);
  });

  it('takes an empty file unless the site sets a minimum', async () => {
    const taken = await create(testSigner(), [photo({ size: 0 })]);
    const refused = await create(testSigner({ minSizeBytes: 1 }), [photo({ size: 0 })]);

    assert.equal(
      new URL(only(taken).request.url).searchParams.get('X-Amz-SignedHeaders')?.includes('content-length'),
      true,
    );
    assert.deepEqual([refused.status, refused.code], [400, 'file-too-small']);
  });

  it('refuses what the store cannot take in one request', async () => {
    const { errors } = await create(testSigner(), [photo({ size: 5e9 }), photo({ size: 5e9 + 1 })]);

    assert.deepEqual(
      errors.map((error) => error?.code),
      [undefined, 'file-too-large'],
    );
  });

  it('fails the whole call over the number of files or the total', async () => {
    const many = await create(testSigner({ maxFiles: 1 }), [photo(), photo()]);
    const heavy = await create(testSigner({ maxTotalSizeBytes: 1999 }), [photo(), photo()]);

    assert.deepEqual([many.status, many.code], [422, 'too-many-files']);
    assert.deepEqual([heavy.status, heavy.code], [413, 'total-too-large']);
  });

  it('answers with the first problem and the list when every item failed', async () => {
    const { status, code, errors } = await create(testSigner({ maxSizeBytes: 1 }), [photo(), photo()]);

    assert.deepEqual([status, code, errors.length], [413, 'file-too-large', 2]);
  });
});

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

  it("never passes a day's bytes, however many ask at once, and reserves nothing for a refused call", async () => {
    const signer = testSigner({ limits: { ...limits, bytesPerDay: 10_000 } });

    const over = await create(signer, [photo({ size: 10_001 })]);
    const all = await Promise.all(Array.from({ length: 50 }, () => create(signer, [photo()])));

    assert.deepEqual([over.status, over.code], [403, 'quota-exceeded']);
    assert.equal(all.filter(({ status }) => status === 201).length, 10);
  });
});

describe('grants', () => {
  const secret = 'a grant secret of the tests, long enough';
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

  it('are refused with another secret, another site, no end, or more than a day to live', async () => {
    const signer = testSigner({ grant });
    const key = new TextEncoder().encode(secret);
    const raw = (claims: Record<string, unknown>) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'grant+jwt' }).sign(key);
    const soon = Math.floor(Date.now() / 1000) + 600;
    const bad = [
      await sign({}, 'another secret of the tests, long enough'),
      await raw({ aud: 'pk_other', exp: soon }),
      await raw({ aud: signer.site.key }),
      await raw({ aud: signer.site.key, exp: soon + 25 * 3600 }),
      await raw({ aud: signer.site.key, exp: soon - 1200 }),
      await sign({ prefix: '../' }),
      'nonsense',
    ];

    for (const each of bad)
      assert.equal((await create(signer, [photo()], { grant: each })).code, 'grant-invalid');
  });
});
