// What POST /v1/uploads promises: keys, signed headers, and the verdict of a site's policy.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sample, string } from 'fast-check';
import { create, only } from '../support/create-uploads.js';
import { photo, testSigner } from '../support/test-signer.js';

/** Letters that hardly shrink. */
const hardText = (length: number) =>
  Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');

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

  for (const type of ['unknown/unknown', 'application/unknown', 'application/x-made-up', 'text/made-up']) {
    it(`stores ${type} as bytes, because browsers look into types that nobody knows`, async () => {
      const { request } = only(await create(testSigner(), [{ name: 'a.bin', type, size: 1 }]));

      assert.equal(request.headers['content-type'], 'application/octet-stream');
    });
  }

  for (const type of [
    'text/jscript',
    'text/x-javascript',
    'multipart/x-mixed-replace',
    'text/xml-external-parsed-entity',
  ]) {
    it(`refuses ${type} with any extension`, async () => {
      const { errors } = await create(testSigner(), [{ name: 'a.bin', type, size: 1 }]);

      assert.equal(errors[0]?.code, 'type-not-allowed');
    });
  }

  it('keeps a type of its own that the site lists', async () => {
    const accept = ['application/x-made-up', 'application/octet-stream'];
    const { request } = only(
      await create(testSigner({ accept }), [{ name: 'a.bin', type: accept[0], size: 1 }]),
    );

    assert.equal(request.headers['content-type'], 'application/x-made-up');
  });

  it('never issues a ticket that is too long to be taken back', async () => {
    const signer = testSigner({ prefix: `${'p'.repeat(500)}/` });
    const { uploads, errors } = await create(signer, [
      photo({ name: `${'漢'.repeat(1000)}.jpg` }),
      photo({ altText: hardText(1000) }),
      photo({ altText: 'x'.repeat(1000) }),
    ]);

    for (const { ticket } of uploads) assert.ok(ticket.length <= 2048);
    assert.deepEqual(
      errors.map((error) => error?.code),
      [undefined, 'invalid-request', undefined],
    );
    assert.match(errors[1]?.detail ?? '', /description of the image is too long/);
  });

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

  for (const [store, endpoint, maxBytes] of [
    ['B2', 'https://s3.us-west-004.backblazeb2.com', 5 * 2 ** 40],
    ['Amazon S3', 'https://s3.eu-west-1.amazonaws.com', 5 * 2 ** 40],
    ['R2', 'https://x.r2.cloudflarestorage.com', Math.floor(4.995 * 2 ** 40)],
  ] as const) {
    it(`refuses what ${store} cannot hold, naming the limit`, async () => {
      const { storage } = testSigner().site;

      const { errors } = await create(testSigner({ storage: { ...storage, endpoint } }), [
        photo({ size: maxBytes + 1 }),
      ]);

      assert.equal(errors[0]?.code, 'file-too-large');
      assert.match(errors[0]?.detail ?? '', new RegExp(`${maxBytes} bytes`));
    });
  }

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
