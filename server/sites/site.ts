// What the signer knows of one site once its configuration has been read and checked.
import type { ImagePolicy } from '../protocol.js';

/** A site whose configuration holds: defaults filled in, sizes in bytes, secrets resolved. */
export interface Site {
  /** The public site key. */
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly origins: readonly OriginPattern[];
  readonly storage: StorageSettings;
  /** Starts every key of the site; ends in `/` or is empty. */
  readonly prefix: string;
  readonly visibility: 'public' | 'private';
  /** How long a private file's link opens it. */
  readonly fileLinkSeconds: number;
  /** Tokens as in `<input accept>`; empty accepts every type but active content. */
  readonly accept: readonly string[];
  readonly unsafeActiveTypes: boolean;
  readonly minSizeBytes: number | null;
  readonly maxSizeBytes: number | null;
  readonly maxTotalSizeBytes: number | null;
  readonly maxFiles: number | null;
  /** A larger file is sent in parts; absent: the signer's own choice. */
  readonly multipartThresholdBytes?: number;
  readonly integrity: boolean;
  readonly image: ImagePolicy;
  readonly limits: SiteLimits;
  readonly grant: GrantSettings;
  /** The current secret first, then the previous one while rotating. */
  readonly receiptSecrets: readonly [string, ...string[]];
  /** Whether `GET /signed-request` serves this site. */
  readonly signedRequest: boolean;
}

/** An allowed origin, normalised: compared with the raw header, never parsed from it. */
export type OriginPattern =
  | { readonly kind: 'exact'; readonly origin: string }
  /** `https://*.acme.dev`: exactly one label in place of the star. */
  | { readonly kind: 'wildcard-label'; readonly scheme: string; readonly suffix: string }
  /** `http://localhost:*`: any port, loopback hosts only. */
  | { readonly kind: 'any-port'; readonly scheme: string; readonly host: string };

export type Provider = 's3' | 'b2' | 'r2' | 'generic';

export interface StorageSettings {
  /** `https://…` without a path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly keyId: string;
  readonly applicationKey: string;
  readonly pathStyle: boolean;
  /** Base address of public files; without a slash at the end. */
  readonly publicUrl: string | null;
  readonly provider: Provider | 'auto';
}

/** Null means no limit. */
export interface SiteLimits {
  readonly uploadsPerMinute: number | null;
  readonly uploadsPerMinutePerIp: number | null;
  readonly bytesPerDay: number | null;
}

export interface GrantSettings {
  readonly required: boolean;
  /** Empty when the site takes no grants. */
  readonly secrets: readonly string[];
}

/** Where the signer looks sites up. */
export interface SiteRegistry {
  find(siteKey: string): Site | undefined;
  all(): Iterable<Site>;
}

/** A registry over sites that do not change while the process runs. */
export function fixedRegistry(sites: readonly Site[]): SiteRegistry {
  const byKey = new Map(sites.map((site) => [site.key, site]));
  return { find: (siteKey) => byKey.get(siteKey), all: () => byKey.values() };
}
