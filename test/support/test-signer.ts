// A signer to test with, spoken to over HTTP only.
import type { Hono } from 'hono';
import { createSigner, type SignerOptions } from '../../server/index.js';
import { fixedRegistry, type Site } from '../../server/sites/site.js';
import { ORIGIN, SECRET, testSite } from './test-site.js';

export interface TestSigner {
  readonly app: Hono;
  readonly site: Site;
  /** POSTs JSON as an allowed page would. */
  readonly post: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

export function testSigner(
  overrides: Partial<Site> = {},
  options: Partial<SignerOptions> & { readonly sites?: SignerOptions['sites'] } = {},
): TestSigner {
  const site = testSite(overrides);
  const app = createSigner({
    sites: fixedRegistry([site]),
    secret: SECRET,
    publicUrl: 'https://uploads.example.com',
    ...options,
  });
  return {
    app,
    site,
    post: async (path, body, headers) =>
      app.request(path, {
        method: 'POST',
        headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
        body:
          typeof body === 'string'
            ? body
            : body instanceof Uint8Array
              ? new Blob([body.slice()])
              : JSON.stringify(body),
      }),
    get: async (path, headers) => app.request(path, { headers: { origin: ORIGIN, ...headers } }),
  };
}

/** A file list entry that every site takes. */
export function photo(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { name: 'photo.jpg', size: 1000, type: 'image/jpeg', ...overrides };
}

/** Everything that must never leave the signer. */
export function secretsOf(site: Site): readonly string[] {
  return [SECRET, site.storage.applicationKey, site.storage.keyId, ...site.receiptSecrets];
}
