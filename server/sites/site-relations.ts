// Checks between fields of one site: each is fine alone, together they can't work.
import { parseSize } from '../rules/sizes.js';
import { formatPath, type ConfigProblem } from './config-problem.js';
import { isIpAddress, normaliseAddress, regionOf } from './endpoint.js';
import { normalisePrefix } from './prefix.js';
import type { SiteSecrets } from './secrets.js';
import type { CheckedSiteConfig, StorageConfig } from './schema.js';

interface Checked {
  readonly config: CheckedSiteConfig;
  readonly secrets: SiteSecrets;
}

type Report = (field: string, message: string) => ConfigProblem;

/** Everything that contradicts itself in a site whose single fields hold. */
export function relationProblems(key: string, { config, secrets }: Checked): readonly ConfigProblem[] {
  const report: Report = (field, message) => ({
    path: formatPath(['sites', key, ...field.split('.')]),
    message,
  });
  const places = [
    { storage: config.storage, at: 'storage' },
    ...(config.backup ? [{ storage: config.backup.storage, at: 'backup.storage' }] : []),
  ];
  return [
    ...sizeProblems(config, report),
    ...places.flatMap(({ storage, at }) =>
      storageProblems(storage, (field, text) => report(`${at}.${field}`, text)),
    ),
    ...places.flatMap(({ storage, at }) =>
      masterKeyProblem(storage, secrets.get(`${at}.keyId`)?.[0] ?? '').map((text) =>
        report(`${at}.keyId`, text),
      ),
    ),
    ...grantProblems(config, report),
    ...backupProblems(config, normalisePrefix(config.prefix ?? key)).map((text) =>
      report('backup.storage', text),
    ),
  ];
}

/** What works but is probably not meant, and what this version can't do yet. */
export function siteWarnings(key: string, config: CheckedSiteConfig): readonly string[] {
  const warn = (field: string, message: string) =>
    `${formatPath(['sites', key, ...field.split('.')])}: ${message}`;
  const { prefix, backup, storage } = config;
  return [
    ...notYet(config).map((field) => warn(field, 'is configured, but this version does not act on it yet')),
    ...(prefix !== undefined && prefix !== normalisePrefix(prefix)
      ? [warn('prefix', `"${prefix}" is read as "${normalisePrefix(prefix)}"`)]
      : []),
    ...(storage.endpoint.startsWith('https:') && isIpAddress(storage.endpoint)
      ? [warn('storage.endpoint', 'is an IP address: browsers need a certificate for exactly this address')]
      : []),
    ...(backup && JSON.stringify(backup.storage.applicationKey) === JSON.stringify(storage.applicationKey)
      ? [warn('backup.storage.applicationKey', 'is that of the bucket itself: who gets it can delete both')]
      : []),
  ];
}

function notYet(config: CheckedSiteConfig): readonly string[] {
  return [
    ...(config.webhook ? ['webhook'] : []),
    ...(config.backup ? ['backup'] : []),
    ...(config.verify.magic ? ['verify.magic'] : []),
    ...(config.immutable ? ['immutable'] : []),
    ...(config.grant.jwks === undefined ? [] : ['grant.jwks']),
  ];
}

function sizeProblems(config: CheckedSiteConfig, report: Report): readonly ConfigProblem[] {
  const min = bytes(config.minSize) ?? 0;
  const max = bytes(config.maxSize) ?? min;
  const largest = Math.max(min, max);
  return [
    ...(min > max ? [report('minSize', `is larger than maxSize; expected at most ${max} bytes`)] : []),
    ...((bytes(config.maxTotalSize) ?? largest) < largest
      ? [report('maxTotalSize', `is smaller than one file may be; expected at least ${largest} bytes`)]
      : []),
    ...((bytes(config.limits.bytesPerDay) ?? largest) < largest
      ? [report('limits.bytesPerDay', `is smaller than one file may be; expected at least ${largest} bytes`)]
      : []),
  ];
}

function storageProblems(storage: StorageConfig, report: Report): readonly ConfigProblem[] {
  const { hostname } = new URL(storage.endpoint);
  const region = regionOf(storage.endpoint);
  if (hostname.startsWith(`${storage.bucket.toLowerCase()}.`)) {
    return [
      report('endpoint', `names the bucket; expected "https://${hostname.slice(storage.bucket.length + 1)}"`),
    ];
  }
  if (region !== undefined && storage.region !== undefined && storage.region !== region) {
    return [
      report('region', `is "${storage.region}", but the endpoint is in "${region}"; expected it or nothing`),
    ];
  }
  return [];
}

/** B2's master key has the account's ID, 12 hex digits; the S3 API refuses it. */
function masterKeyProblem(storage: StorageConfig, keyId: string): readonly string[] {
  const isMaster =
    new URL(storage.endpoint).hostname.endsWith('.backblazeb2.com') && /^[0-9a-f]{12}$/i.test(keyId);
  // https://www.backblaze.com/docs/cloud-storage-application-keys
  return isMaster
    ? ['is the master key, which B2 refuses here; expected an application key for this bucket']
    : [];
}

function grantProblems({ grant }: CheckedSiteConfig, report: Report): readonly ConfigProblem[] {
  if (!grant.required || grant.secret !== undefined || grant.jwks !== undefined) return [];
  return [
    report(
      'grant.secret',
      'is missing although a grant is required; expected a reference such as {"env": "NAME"}',
    ),
  ];
}

function backupProblems({ storage, backup }: CheckedSiteConfig, prefix: string): readonly string[] {
  if (!backup || backup.storage.bucket !== storage.bucket) return [];
  if (normaliseAddress(backup.storage.endpoint) !== normaliseAddress(storage.endpoint)) return [];
  const copies = normalisePrefix(backup.prefix);
  if (!prefix.startsWith(copies) && !copies.startsWith(prefix)) return [];
  return ['is the bucket itself; expected another bucket, best with another provider'];
}

function bytes(size: string | number | undefined): number | undefined {
  return size === undefined ? undefined : parseSize(String(size));
}
