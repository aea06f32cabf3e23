// What sites.json may not say: every problem names its place, what is wrong and what is expected, and shows no secret.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatProblem } from '../../../server/sites/config-problem.js';
import { parseSites } from '../../../server/sites/parse-sites.js';
import { acme, KEY, parseWith, smallest, storageWith, world } from './acme.js';

const AT = `sites.${KEY}`;
const OTHER = 'pk_live_00112233445566778899aabbccddeeff';

describe('a configuration with a problem', () => {
  for (const [changes, path, message] of [
    [{ allowedOrigin: [] }, 'allowedOrigin', /is unknown; did you mean "origins"/],
    [{ max_size: '1MB' }, 'max_size', /did you mean "maxSize"/],
    [{ zzz: 1 }, 'zzz', /is unknown; expected one of name, enabled, origins/],
    [storageWith({ accessKeyId: 'x' }), 'storage.accessKeyId', /did you mean "keyId"/],
    [storageWith({ endpiont: 'x' }), 'storage.endpiont', /did you mean "endpoint"/],
    [{ image: { maxwidth: 1 } }, 'image.maxwidth', /did you mean "maxWidth"/],
    [{ origins: undefined }, 'origins', /is missing; expected the origins of your pages/],
    [{ storage: undefined }, 'storage', /is missing; expected the bucket/],
    [
      storageWith({ bucket: undefined }),
      'storage.bucket',
      /is undefined|is missing|expected the name of a bucket/,
    ],
    [{ origins: [] }, 'origins', /is empty/],
    [{ origins: 'https://a.com' }, 'origins', /expected a list of origins/],
    [{ origins: [''] }, 'origins[0]', /is empty; expected an origin/],
    [{ origins: ['https://a.com', '*'] }, 'origins[1]', /would allow every website; expected/],
    [{ origins: ['https://*'] }, 'origins[0]', /expected/],
    [{ origins: ['https://*.com'] }, 'origins[0]', /other people's websites/],
    [{ origins: ['example.com'] }, 'origins[0]', /no scheme; expected "https:\/\/example.com"/],
    [{ origins: ['https://a.com/x'] }, 'origins[0]', /has a path/],
    [{ origins: ['http://a.com'] }, 'origins[0]', /not encrypted; expected "https:\/\/a.com"/],
    [{ accept: [] }, 'accept', /is empty/],
    [{ accept: ['png'] }, 'accept[0]', /did you mean ".png"/],
    [{ accept: ['image/png, .pdf'] }, 'accept[0]', /has a comma/],
    [{ accept: ['text/html'] }, 'accept[0]', /unsafeActiveTypes/],
    [{ accept: ['.svg'] }, 'accept[0]', /unsafeActiveTypes/],
    [{ maxSize: '10 G' }, 'maxSize', /is no size; expected a size such as "10MB"/],
    [{ maxSize: '.5GB' }, 'maxSize', /is no size/],
    [{ maxSize: 'Infinity' }, 'maxSize', /is no size/],
    [{ maxSize: '-1' }, 'maxSize', /is no size/],
    [{ maxSize: -1 }, 'maxSize', /is no size/],
    [{ maxSize: 1e30 }, 'maxSize', /is no size/],
    [{ maxSize: '0' }, 'maxSize', /is too small/],
    [{ maxSize: '60TB' }, 'maxSize', /is too large/],
    [{ maxSize: true }, 'maxSize', /is true; expected a size/],
    [{ minSize: '2MB', maxSize: '1MB' }, 'minSize', /larger than maxSize/],
    [{ maxSize: '2MB', maxTotalSize: '1MB' }, 'maxTotalSize', /smaller than one file/],
    [{ maxSize: '2MB', limits: { bytesPerDay: '1MB' } }, 'limits.bytesPerDay', /smaller than one file/],
    [{ maxFiles: 0 }, 'maxFiles', /expected a whole number of files, 1 to/],
    [{ maxFiles: '20' }, 'maxFiles', /expected a whole number/],
    [{ maxFiles: 1.5 }, 'maxFiles', /expected a whole number/],
    [{ multipart: { threshold: '4MiB' } }, 'multipart.threshold', /at least 5242880 bytes/],
    [{ multipart: { threshold: '6GiB' } }, 'multipart.threshold', /at most 5368709120 bytes/],
    [{ limits: { uploadsPerMinute: 0 } }, 'limits.uploadsPerMinute', /leave it out for no limit/],
    [{ limits: { uploadsPerMinute: '60' } }, 'limits.uploadsPerMinute', /whole number/],
    [{ fileLinkSeconds: 0 }, 'fileLinkSeconds', /60 to/],
    [{ fileLinkSeconds: '15m' }, 'fileLinkSeconds', /whole number of seconds/],
    [{ visibility: 'open' }, 'visibility', /expected one of "private", "public"/],
    [{ image: { quality: 85 } }, 'image.quality', /above 1/],
    [{ image: { format: 'bmp' } }, 'image.format', /expected one of "auto"/],
    [
      { image: { renditions: [{ name: 'Big One' }] } },
      'image.renditions[0].name',
      /is no name of a rendition/,
    ],
    [
      { image: { renditions: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] } },
      'image.renditions',
      /names "a" twice/,
    ],
    [
      { image: { renditions: Array.from({ length: 11 }, (_, index) => ({ name: `r${index}` })) } },
      'image.renditions',
      /at most 10 renditions/,
    ],
    [{ prefix: '../x' }, 'prefix', /folder of dots/],
    [{ prefix: '.' }, 'prefix', /folder of dots/],
    [{ prefix: '' }, 'prefix', /is empty/],
    [{ prefix: 'x//' }, 'prefix', /empty folder name/],
    [{ prefix: 'ä/' }, 'prefix', /other characters/],
    [{ prefix: `${'x'.repeat(1024)}/` }, 'prefix', /more than 512/],
    [{ prefix: '.b2-uploader/x/' }, 'prefix', /belongs to the signer/],
    [storageWith({ endpoint: 's3.us-west-004.backblazeb2.com' }), 'storage.endpoint', /no scheme; expected/],
    [storageWith({ endpoint: 'http://s3.us-west-004.backblazeb2.com' }), 'storage.endpoint', /not encrypted/],
    [
      storageWith({ endpoint: 'https://s3.us-west-004.backblazeb2.com/acme' }),
      'storage.endpoint',
      /has a path/,
    ],
    [
      storageWith({ endpoint: 'https://acme-uploads.s3.eu-central-1.amazonaws.com' }),
      'storage.endpoint',
      /names the bucket; expected "https:\/\/s3.eu/,
    ],
    [storageWith({ endpoint: 'https://u:p@minio.example.com' }), 'storage.endpoint', /user name or password/],
    [storageWith({ region: 'eu-central-003' }), 'storage.region', /endpoint is in "us-west-004"/],
    [storageWith({ bucket: 'a' }), 'storage.bucket', /is no bucket name/],
    [storageWith({ provider: 'aws' }), 'storage.provider', /expected one of "auto"/],
    [storageWith({ publicUrl: 'cdn.acme.com' }), 'storage.publicUrl', /is no address/],
    [storageWith({ keyId: '0123456789ab' }), 'storage.keyId', /master key/],
    [storageWith({ keyId: 5 }), 'storage.keyId', /expected a reference such as/],
    [
      storageWith({ applicationKey: { env: 'UNSET' } }),
      'storage.applicationKey',
      /environment variable UNSET is not set/,
    ],
    [
      storageWith({ applicationKey: { file: '/nowhere' } }),
      'storage.applicationKey',
      /file \/nowhere is not set/,
    ],
    [{ receiptSecret: 'short' }, 'receiptSecret', /shorter than 32 bytes/],
    [{ receiptSecret: 'changeme-changeme-changeme-changeme' }, 'receiptSecret', /placeholder/],
    [
      { receiptSecret: ['a', 'b', 'c'].map((c) => c.repeat(32)).join() },
      'receiptSecret',
      /more than two parts/,
    ],
    [{ grant: { required: true } }, 'grant.secret', /is missing although/],
    [
      { webhook: { url: 'http://acme.com/x', secret: { env: 'ACME_WEBHOOK_SECRET' } } },
      'webhook.url',
      /not encrypted/,
    ],
    [
      { webhook: { url: 'https://acme.com/x#y', secret: { env: 'ACME_WEBHOOK_SECRET' } } },
      'webhook.url',
      /fragment/,
    ],
    [{ webhook: { url: 'https://acme.com/x' } }, 'webhook.secret', /is missing/],
    [
      { prefix: 'a/', backup: { storage: acme().storage, prefix: 'a/b/' } },
      'backup.storage',
      /is the bucket itself/,
    ],
  ] as const) {
    it(`${path}: ${JSON.stringify(changes).slice(0, 90)}`, async () => {
      const { sites, problems } = await parseWith(changes);

      assert.deepEqual(sites, []);
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [`${AT}.${path}`],
        JSON.stringify(problems),
      );
      assert.match(problems[0]?.message ?? '', message);
      assert.ok(!formatProblem(problems[0] ?? assert.fail()).includes('\n'));
    });
  }

  for (const [value, what] of [
    ['', /is empty/],
    ['two\nlines-0123456789abcdef0123456789', /line break/],
    ['"quoted-0123456789abcdef0123456789abcdef"', /quotes/],
    ['trailing-0123456789abcdef0123456789 ', /spaces/],
  ] as const) {
    it(`names the variable, not its value: ${JSON.stringify(value)}`, async () => {
      const { problems } = await parseWith(
        { receiptSecret: { env: 'R' } },
        { readSecret: (ref) => ('env' in ref && ref.env === 'R' ? value : 'key') },
      );

      assert.match(problems[0]?.message ?? '', /environment variable R /);
      assert.match(problems[0]?.message ?? '', what);
      assert.ok(value === '' || !JSON.stringify(problems).includes('0123456789'));
    });
  }

  for (const [key, what] of [
    ['AKIAIOSFODNN7EXAMPLE', /looks like a secret key/],
    ['sk_live_0123456789abcdef0123456789abcdef', /looks like a secret key/],
    ['my site', /is no site key/],
    ['', /is no site key/],
    ['constructor', /reserved word/],
  ] as const) {
    it(`refuses the site key ${JSON.stringify(key)}`, async () => {
      const { problems } = await parseSites({ sites: { [key]: smallest() } }, world);

      assert.match(problems[0]?.message ?? '', what);
    });
  }

  for (const config of [null, [], 'x', 5, undefined, {}, { sites: [] }, { sites: {} }, { sites: null }]) {
    it(`refuses ${JSON.stringify(config)} as a whole`, async () => {
      const { problems } = await parseSites(config, world);

      assert.ok(problems.length > 0);
      assert.ok(
        problems.every((problem) => /expected/.test(problem.message)),
        JSON.stringify(problems),
      );
    });
  }

  it('refuses sites that share a place, naming both', async () => {
    for (const [one, two] of [
      ['a/', 'a/'],
      ['a/', 'a/b/'],
    ]) {
      const sites = { [KEY]: { ...smallest(), prefix: one }, [OTHER]: { ...smallest(), prefix: two } };
      const { problems } = await parseSites({ sites }, world);

      assert.equal(problems.length, 1);
      assert.ok(formatProblem(problems[0] ?? assert.fail()).includes(KEY));
      assert.ok(formatProblem(problems[0] ?? assert.fail()).includes(OTHER));
    }
  });

  it('reports everything at once', async () => {
    const sites = {
      [KEY]: { ...smallest(), origins: ['*', 'null'], maxsize: '1MB', prefix: '..', receiptSecret: 'x' },
      [OTHER]: { ...smallest(), ...storageWith({ endpoint: 'nowhere', applicationKey: { env: 'UNSET' } }) },
    };
    const { problems } = await parseSites({ sites, extra: 1 }, world);

    assert.deepEqual(problems.map(({ path }) => path.replace(KEY, 'A').replace(OTHER, 'B')).sort(), [
      'extra',
      'sites.A.maxsize',
      'sites.A.origins[0]',
      'sites.A.origins[1]',
      'sites.A.prefix',
      'sites.A.receiptSecret',
      'sites.B.storage.applicationKey',
      'sites.B.storage.endpoint',
    ]);
  });

  it('never shows a secret, wherever it was put', async () => {
    const secret = 'K004s3cr3tS3cr3tS3cr3tS3cr3t123';
    for (const changes of [
      { receiptSecret: 's3cr3t' },
      { name: 5, receiptSecret: `"${secret}"` },
      { visibility: secret },
      { origins: [secret] },
      { accept: [secret] },
      storageWith({ applicationKey: `${secret}\n` }),
      storageWith({ region: secret }),
      storageWith({ bucket: `${secret}/` }),
    ]) {
      const { problems, warnings } = await parseWith(changes);
      assert.ok(!/s3cr3t/i.test(JSON.stringify([problems, warnings])), JSON.stringify(problems));
    }
  });

  it('does not let a configuration reach a prototype', async () => {
    const config: unknown = JSON.parse(`{"sites":{"__proto__":${JSON.stringify(smallest())}}}`);
    const { problems } = await parseSites(config, world);

    assert.ok(problems.length > 0);
  });
});
