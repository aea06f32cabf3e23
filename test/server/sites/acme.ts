// The example of the contract as a fixture: a configuration in which everything holds.
import { parseSites, type ParsedSites } from '../../../server/sites/parse-sites.js';
import type { SitesWorld } from '../../../server/sites/secrets.js';

export const KEY = 'pk_live_9f2c4e6a8b0d1f3e5a7c9b8d6f4e2a10';

/** Whatever a secret reference asks for. */
export const SECRETS: Readonly<Record<string, string>> = {
  ACME_KEY_ID: '0041234567890ab0000000001',
  ACME_KEY: 'K004abcdefghijklmnopqrstuvwxyz0',
  ACME_GRANT_SECRET: 'grant-secret-of-acme-0123456789abcdef',
  ACME_RECEIPT_SECRET: 'receipt-secret-of-acme-0123456789abcd',
  ACME_WEBHOOK_SECRET: 'webhook-secret-of-acme-0123456789abcd',
  BACKUP_KEY_ID: 'AKIDBACKUP',
  BACKUP_KEY: 'backup-key',
};

export const world: SitesWorld = {
  readSecret: (reference) => ('env' in reference ? SECRETS[reference.env] : undefined),
  production: true,
  signerSecret: 'signer-secret-0123456789abcdef0123456789',
};

/** The contract's site; each call gives a fresh one to break. */
export function acme() {
  return {
    name: 'Acme',
    origins: ['https://www.acme.com', 'https://*.acme.dev'],
    storage: {
      endpoint: 'https://s3.us-west-004.backblazeb2.com',
      bucket: 'acme-uploads',
      keyId: { env: 'ACME_KEY_ID' },
      applicationKey: { env: 'ACME_KEY' },
      publicUrl: 'https://cdn.acme.com',
    },
    prefix: 'uploads/',
    visibility: 'public',
    fileLinkSeconds: 604_800,
    accept: ['image/*', '.pdf'],
    minSize: '1B',
    maxSize: '100MB',
    maxTotalSize: '1GB',
    maxFiles: 20,
    multipart: { threshold: '16MiB' },
    integrity: true,
    immutable: false,
    verify: { magic: false },
    unsafeActiveTypes: false,
    image: { maxWidth: 2048, maxHeight: 2048, quality: 0.85, format: 'auto', metadata: 'strip' },
    limits: { uploadsPerMinute: 600, uploadsPerMinutePerIp: 60, bytesPerDay: '50GB' },
    grant: { required: false, secret: { env: 'ACME_GRANT_SECRET' } },
    receiptSecret: { env: 'ACME_RECEIPT_SECRET' },
    webhook: { url: 'https://api.acme.com/hooks/uploads', secret: { env: 'ACME_WEBHOOK_SECRET' } },
    backup: {
      storage: {
        endpoint: 'https://s3.eu-central-1.amazonaws.com',
        bucket: 'acme-backup',
        keyId: { env: 'BACKUP_KEY_ID' },
        applicationKey: { env: 'BACKUP_KEY' },
      },
      prefix: 'backup/',
    },
  };
}

/** The least that a site needs. */
export function smallest() {
  const { origins, storage } = acme();
  return { origins, storage };
}

/** Reads one site with fields replaced; `undefined` takes a field away. */
export async function parseWith(
  changes: Readonly<Record<string, unknown>>,
  more: Partial<SitesWorld> = {},
): Promise<ParsedSites> {
  const site = Object.fromEntries(
    Object.entries({ ...smallest(), ...changes }).filter(([, value]) => value !== undefined),
  );
  return parseSites({ sites: { [KEY]: site } }, { ...world, ...more });
}

export function storageWith(changes: Readonly<Record<string, unknown>>) {
  return { storage: { ...acme().storage, ...changes } };
}
