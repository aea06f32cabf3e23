// sites.json in which everything holds: what it means, its defaults, and what is accepted with a warning.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatOriginPattern } from '../../../server/origin.js';
import { parseSites } from '../../../server/sites/parse-sites.js';
import { acme, KEY, parseWith, smallest, storageWith, world } from './acme.js';

const OTHER = 'pk_live_00112233445566778899aabbccddeeff';

describe('a configuration in which everything holds', () => {
  it('gives the site of the contract, sizes in bytes and secrets resolved', async () => {
    const { sites, problems } = await parseSites(
      { $schema: './sites.schema.json', sites: { [KEY]: acme() } },
      world,
    );

    assert.deepEqual(problems, []);
    const [site] = sites;
    assert.ok(site);
    assert.deepEqual(site.origins.map(formatOriginPattern), ['https://www.acme.com', 'https://*.acme.dev']);
    assert.deepEqual(site.storage, {
      endpoint: 'https://s3.us-west-004.backblazeb2.com',
      bucket: 'acme-uploads',
      region: 'us-west-004',
      keyId: '0041234567890ab0000000001',
      applicationKey: 'K004abcdefghijklmnopqrstuvwxyz0',
      pathStyle: true,
      publicUrl: 'https://cdn.acme.com',
      provider: 'auto',
    });
    assert.equal(site.maxSizeBytes, 100_000_000);
    assert.equal(site.multipartThresholdBytes, 16 * 2 ** 20);
    assert.equal(site.limits.bytesPerDay, 50_000_000_000);
    assert.deepEqual(site.grant, { required: false, secrets: ['grant-secret-of-acme-0123456789abcdef'] });
    assert.deepEqual(site.receiptSecrets, ['receipt-secret-of-acme-0123456789abcd']);
    assert.equal(site.signedRequest, false);
  });

  it('fills in the defaults of the contract', async () => {
    const { sites, problems, warnings } = await parseWith({});

    assert.deepEqual([problems, warnings], [[], []]);
    const { origins: _, storage: __, receiptSecrets, ...defaults } = sites[0] ?? assert.fail();
    assert.deepEqual(defaults, {
      key: KEY,
      name: KEY,
      enabled: true,
      prefix: `${KEY}/`,
      visibility: 'private',
      fileLinkSeconds: 604_800,
      accept: [],
      unsafeActiveTypes: false,
      minSizeBytes: null,
      maxSizeBytes: null,
      maxTotalSizeBytes: null,
      maxFiles: null,
      multipartThresholdBytes: 16 * 2 ** 20,
      integrity: true,
      image: {
        maxWidth: null,
        maxHeight: null,
        quality: 0.85,
        format: 'auto',
        metadata: 'strip',
        renditions: [],
      },
      limits: { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: null },
      grant: { required: false, secrets: [] },
      signedRequest: false,
    });
    assert.match(receiptSecrets[0], /^[\w-]{43}$/);
  });

  it('derives an own receipt secret for each site, and one of each signer secret while rotating', async () => {
    const two = { sites: { [KEY]: smallest(), [OTHER]: smallest() } };
    const { sites } = await parseSites(two, {
      ...world,
      signerSecret: `${'n'.repeat(32)},${'o'.repeat(32)}`,
    });
    const before = await parseSites(two, { ...world, signerSecret: 'o'.repeat(32) });

    assert.equal(new Set(sites.flatMap((site) => site.receiptSecrets)).size, 4);
    assert.equal(sites[0]?.receiptSecrets[1], before.sites[0]?.receiptSecrets[0]);
  });

  for (const [endpoint, region] of [
    ['https://s3.us-west-004.backblazeb2.com', 'us-west-004'],
    ['https://s3.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['https://s3.amazonaws.com', 'us-east-1'],
    ['https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com', 'auto'],
    ['https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com', 'auto'],
    ['https://s3.eu-central-2.wasabisys.com', 'eu-central-2'],
    ['https://fra1.digitaloceanspaces.com', 'fra1'],
    ['https://fsn1.your-objectstorage.com', 'fsn1'],
    ['https://minio.example.com', 'us-east-1'],
    ['http://127.0.0.1:9000', 'us-east-1'],
  ] as const) {
    it(`takes region ${region} for ${endpoint}`, async () => {
      const { sites, problems } = await parseWith(storageWith({ endpoint }));

      assert.deepEqual(problems, []);
      assert.equal(sites[0]?.storage.region, region);
    });
  }

  for (const [what, changes, warning] of [
    ['a prefix without its slash', { prefix: 'x' }, /prefix: "x" is read as "x\/"/],
    ['a prefix with a slash in front', { prefix: '/x/' }, /read as "x\/"/],
    [
      'an origin in capitals',
      { origins: ['https://ACME.com'] },
      /origins\[0\]: .*is read as "https:\/\/acme.com"/,
    ],
    ['an origin given twice', { origins: ['https://a.com', 'https://a.com/'] }, /listed twice/],
    [
      'a literal secret',
      storageWith({ applicationKey: 'K004-literal' }),
      /applicationKey: .*in the file.*reference/,
    ],
    [
      'a webhook',
      { webhook: acme().webhook },
      /webhook: is configured, but this version does not act on it yet/,
    ],
    ['a backup', { backup: acme().backup }, /backup: is configured, but/],
    ['magic bytes', { verify: { magic: true } }, /verify.magic: is configured, but/],
    ['immutable files', { immutable: true }, /immutable: is configured, but/],
    ['a JWKS', { grant: { jwks: 'https://acme.com/jwks.json' } }, /grant.jwks: is configured, but/],
    ['an endpoint that is an IP', storageWith({ endpoint: 'https://10.0.0.1' }), /is an IP address/],
    [
      'a backup with the same key',
      { backup: { storage: { ...acme().storage, bucket: 'other' } } },
      /delete both/,
    ],
  ] as const) {
    it(`accepts ${what} with a warning`, async () => {
      const { sites, problems, warnings } = await parseWith(changes);

      assert.deepEqual(problems, []);
      assert.equal(sites.length, 1);
      assert.match(warnings.join('\n'), warning);
    });
  }

  it('accepts a short site key with a warning', async () => {
    const { problems, warnings } = await parseSites({ sites: { pk_live_short: smallest() } }, world);

    assert.deepEqual(problems, []);
    assert.match(warnings.join(), /^sites.pk_live_short: is short: it could be guessed/);
  });

  it('takes current and previous secret while rotating', async () => {
    const both = `${'c'.repeat(32)},${'p'.repeat(32)}`;
    const { sites } = await parseWith(
      { receiptSecret: { env: 'X' } },
      { readSecret: (ref) => ('env' in ref && ref.env === 'X' ? both : 'key') },
    );

    assert.deepEqual(sites[0]?.receiptSecrets, ['c'.repeat(32), 'p'.repeat(32)]);
  });

  it('reads 10 000 sites in seconds, even on a busy machine', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => [
      `pk_live_${index.toString(16).padStart(32, '0')}`,
      smallest(),
    ]);
    const startedAt = performance.now();

    const { sites, problems } = await parseSites({ sites: Object.fromEntries(many) }, world);

    assert.deepEqual(problems, []);
    assert.equal(sites.length, 10_000);
    assert.ok(performance.now() - startedAt < 6000);
  });
});
