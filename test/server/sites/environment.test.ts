// Settings from the environment: three sources of sites, their secrets, and all problems at once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deriveSecret } from '../../../server/derive-secret.js';
import { formatOriginPattern } from '../../../server/origin.js';
import { formatProblem } from '../../../server/sites/config-problem.js';
import { readSettings, type Environment, type ReadFile } from '../../../server/sites/environment.js';
import { KEY, SECRETS, smallest } from './acme.js';

const ARTICLE = {
  B2_ENDPOINT_URL: 'https://s3.us-west-004.backblazeb2.com',
  B2_BUCKET: 'article-bucket',
  B2_KEY_ID: '0041234567890ab0000000001',
  B2_APPLICATION_KEY: 'K004abcdefghijklmnopqrstuvwxyz0',
};
const SIGNER_SECRET = 'signer-secret-0123456789abcdef0123456789';
const SITES = JSON.stringify({ sites: { [KEY]: smallest() } }, undefined, 2);
const noFiles: ReadFile = (path) => ({ problem: `${path} does not exist` });

async function problemsOf(env: Environment, readFile = noFiles): Promise<readonly string[]> {
  const { settings, problems } = await readSettings(env, readFile);
  assert.equal(settings === undefined, problems.length > 0);
  return problems.map(formatProblem);
}

async function settingsOf(env: Environment, readFile = noFiles) {
  const { settings, problems, warnings } = await readSettings(env, readFile);
  assert.deepEqual(problems.map(formatProblem), []);
  return { ...(settings ?? assert.fail()), warnings };
}

describe('without any configuration', () => {
  it('means the local bucket, on this machine only', async () => {
    assert.deepEqual(await settingsOf({ B2_BUCKET: '', SITES_FILE: '' }), {
      production: false,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      trustedProxies: [],
      logLevel: 'info',
      source: 'local-bucket',
      signerSecret: null,
      sites: null,
      warnings: [],
    });
  });
});

describe("the article's four variables", () => {
  it('make one site for pages on localhost, with a warning', async () => {
    const { sites, host, source, signerSecret, warnings } = await settingsOf(ARTICLE);

    const site = sites?.[0] ?? assert.fail();
    assert.deepEqual([source, host, sites?.length, site.key], ['article', '0.0.0.0', 1, 'default']);
    assert.deepEqual(site.origins.map(formatOriginPattern), [
      'http://localhost:*',
      'http://127.0.0.1:*',
      'http://[::1]:*',
    ]);
    assert.deepEqual([site.signedRequest, site.prefix, site.image.maxWidth], [true, 'default/', 2048]);
    assert.equal(site.storage.region, 'us-west-004');
    assert.equal(signerSecret, await deriveSecret(ARTICLE.B2_APPLICATION_KEY, 'signer-secret'));
    assert.deepEqual(site.receiptSecrets, [await deriveSecret(signerSecret, 'receipt:default')]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^ALLOWED_ORIGINS: is not set/);
  });

  it('take origins, and no /signed-request', async () => {
    const env = {
      ...ARTICLE,
      ALLOWED_ORIGINS: 'https://a.com , https://*.a.dev,',
      SIGNED_REQUEST: 'off',
      SIGNER_SECRET,
    };
    const { sites, signerSecret, warnings } = await settingsOf(env);

    assert.deepEqual(sites?.[0]?.origins.map(formatOriginPattern), ['https://a.com', 'https://*.a.dev']);
    assert.equal(sites?.[0]?.signedRequest, false);
    assert.equal(signerSecret, SIGNER_SECRET);
    assert.deepEqual(warnings, []);
  });

  for (const [changes, problem] of [
    [{ B2_BUCKET: undefined }, /^B2_BUCKET: is missing; expected together with B2_ENDPOINT_URL, B2_KEY_ID/],
    [{ B2_BUCKET: '' }, /^B2_BUCKET: is missing/],
    [{ B2_BUCKET: '!' }, /^B2_BUCKET: "!" is no bucket name/],
    [{ B2_ENDPOINT_URL: 's3.us-west-004.backblazeb2.com' }, /^B2_ENDPOINT_URL: .* has no scheme/],
    [{ B2_KEY_ID: '0123456789ab' }, /^B2_KEY_ID: is the master key/],
    [{ B2_APPLICATION_KEY: '"K004"' }, /^B2_APPLICATION_KEY: .* has quotes around it/],
    [{ ALLOWED_ORIGINS: 'https://a.com,*' }, /^ALLOWED_ORIGINS: "\*" would allow every website/],
    [{ SIGNED_REQUEST: 'no' }, /^SIGNED_REQUEST: is "no"; expected "on" or "off"/],
    [{ NODE_ENV: 'production', PUBLIC_URL: 'https://u.a.com' }, /^ALLOWED_ORIGINS: is missing/],
    [{ SITES_JSON: SITES, SIGNER_SECRET }, /^SITES_JSON and B2_…: are set together/],
    [
      { SITES_FILE: 'x', SITES_JSON: SITES, SIGNER_SECRET },
      /^SITES_FILE and SITES_JSON and B2_…: are set together/,
    ],
  ] as const) {
    it(`are refused with ${JSON.stringify(changes).slice(0, 70)}`, async () => {
      const problems = await problemsOf({ ...ARTICLE, ...changes });

      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }
});

describe('a sites configuration', () => {
  it('comes from SITES_JSON', async () => {
    const { sites, source } = await settingsOf({ ...SECRETS, SITES_JSON: SITES, SIGNER_SECRET });

    assert.deepEqual([source, sites?.map((site) => site.key)], ['sites-json', [KEY]]);
  });

  it('comes from SITES_FILE, and its secrets from files', async () => {
    const site = { ...smallest(), receiptSecret: { file: '/run/receipt' } };
    const files: ReadFile = (path) =>
      path === 'sites.json'
        ? {
            text: `\uFEFF${JSON.stringify({ sites: { [KEY]: site } }, undefined, 2).replaceAll('\n', '\r\n')}`,
          }
        : { text: `${'r'.repeat(32)}\n` };
    const { sites } = await settingsOf({ ...SECRETS, SITES_FILE: 'sites.json', SIGNER_SECRET }, files);

    assert.deepEqual(sites?.[0]?.receiptSecrets, ['r'.repeat(32)]);
  });

  for (const [env, problem] of [
    [{ SITES_JSON: SITES }, /^SIGNER_SECRET: is missing; expected 32 random bytes/],
    [{ SITES_JSON: SITES, SIGNER_SECRET: 'short' }, /^SIGNER_SECRET: is shorter than 32 bytes/],
    [
      { SITES_JSON: SITES, SIGNER_SECRET: `${SIGNER_SECRET},short` },
      /^SIGNER_SECRET: is shorter than 32 bytes/,
    ],
    [{ SITES_JSON: SITES, SIGNER_SECRET: `'${SIGNER_SECRET}'` }, /^SIGNER_SECRET: has quotes/],
    [
      { SITES_JSON: '{"sites":\n}', SIGNER_SECRET },
      /^SITES_JSON:2:1: is not JSON: expected a value, found "}"/,
    ],
    [{ SITES_JSON: '{"sites":{}}', SIGNER_SECRET }, /^SITES_JSON:1 sites: is empty/],
    [{ SITES_FILE: 'gone.json', SIGNER_SECRET }, /^SITES_FILE: gone.json does not exist/],
  ] as const) {
    it(`is refused with ${JSON.stringify(env).slice(-70)}`, async () => {
      const problems = await problemsOf({ ...SECRETS, ...env });

      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
      assert.ok(!problems.join().includes('0123456789'));
    });
  }

  it('has problems with file and line', async () => {
    const text = SITES.replace('"https://www.acme.com"', '"*"');
    const files = () => ({ text });
    const problems = await problemsOf({ ...SECRETS, SITES_FILE: 'conf/sites.json', SIGNER_SECRET }, files);

    assert.match(
      problems[0] ?? '',
      new RegExp(`^conf/sites.json:5 sites.${KEY}.origins\\[0\\]: "\\*" would allow`),
    );
  });
});

describe('the settings of the process', () => {
  for (const [env, name, value] of [
    [{ PORT: '0' }, 'port', 0],
    [{ PORT: '65535' }, 'port', 65_535],
    [{ HOST: '0.0.0.0' }, 'host', '0.0.0.0'],
    [{ HOST: '[::]' }, 'host', '::'],
    [{ PUBLIC_URL: 'https://U.acme.com/' }, 'publicUrl', 'https://u.acme.com'],
    [{ PUBLIC_URL: 'https://acme.com/up/' }, 'publicUrl', 'https://acme.com/up'],
    [{ PUBLIC_URL: 'http://localhost:3000' }, 'publicUrl', 'http://localhost:3000'],
    [{ LOG_LEVEL: 'WARN' }, 'logLevel', 'warn'],
    [
      { TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1,fd00::/8' },
      'trustedProxies',
      ['10.0.0.0/8', '127.0.0.1/32', 'fd00::/8'],
    ],
  ] as const) {
    it(`read ${JSON.stringify(env)}`, async () => {
      assert.deepEqual((await settingsOf(env))[name], value);
    });
  }

  for (const [env, problem] of [
    [{ PORT: 'abc' }, /^PORT: is "abc"; expected a number from 0/],
    [{ PORT: '70000' }, /^PORT: /],
    [{ PORT: '-1' }, /^PORT: /],
    [{ PORT: '80.5' }, /^PORT: /],
    [{ HOST: 'http://x' }, /^HOST: is no host/],
    [{ PUBLIC_URL: 'uploads.acme.com' }, /^PUBLIC_URL: has no scheme/],
    [{ PUBLIC_URL: 'http://uploads.acme.com' }, /^PUBLIC_URL: is not encrypted/],
    [{ PUBLIC_URL: 'https://u:p@acme.com' }, /^PUBLIC_URL: has a user name/],
    [{ PUBLIC_URL: 'https://acme.com/?x' }, /^PUBLIC_URL: has a query/],
    [{ NODE_ENV: 'production' }, /^PUBLIC_URL: is missing/],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, /^TRUSTED_PROXIES: "10.0.0.0\/33" is no address range/],
    [{ TRUSTED_PROXIES: '10.0.0.256' }, /^TRUSTED_PROXIES: /],
    [{ TRUSTED_PROXIES: 'proxy.local' }, /^TRUSTED_PROXIES: /],
    [{ TRUSTED_PROXIES: '::ffff:10.0.0.0/104' }, /^TRUSTED_PROXIES: .* IPv4 range itself/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: is "loud"; expected one of debug, info/],
  ] as const) {
    it(`refuse ${JSON.stringify(env)}`, async () => {
      const problems = await problemsOf(env);

      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }

  for (const all of ['*', '0.0.0.0/0', '::/0']) {
    it(`trust ${all} nowhere in production, elsewhere with a warning`, async () => {
      const env = { TRUSTED_PROXIES: all, PUBLIC_URL: 'https://u.acme.com' };

      assert.match((await settingsOf(env)).warnings.join(), /trusts everybody/);
      assert.match((await problemsOf({ ...env, NODE_ENV: 'production' })).join(), /trusts everybody/);
    });
  }

  it('warn of what this version does not use', async () => {
    const { warnings } = await settingsOf({
      REDIS_URL: 'redis://x',
      ADMIN_TOKEN: 'x',
      ALLOWED_ORIGINS: 'https://a.com',
    });

    assert.equal(warnings.length, 3);
  });

  it('report everything at once, together with the sites', async () => {
    const env = {
      ...ARTICLE,
      PORT: 'x',
      HOST: '/',
      B2_BUCKET: '!',
      SIGNER_SECRET: 'x',
      TRUSTED_PROXIES: 'x',
    };

    assert.equal((await problemsOf(env)).length, 5);
  });
});
