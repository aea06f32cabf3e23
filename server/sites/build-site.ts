// Builds the Site that the signer works with from a configuration in which everything holds.
import type { ImagePolicy } from '../protocol.js';
import { parseSize } from '../rules/sizes.js';
import { normaliseAddress, regionOf } from './endpoint.js';
import { normalisePrefix } from './prefix.js';
import type { SiteSecrets } from './secrets.js';
import type { CheckedSiteConfig } from './schema.js';
import type { OriginPattern, Site, SiteLimits, StorageSettings } from './site.js';

interface Parts {
  readonly key: string;
  readonly config: CheckedSiteConfig;
  readonly origins: readonly OriginPattern[];
  readonly secrets: SiteSecrets;
}

/** Fills in what depends on other fields and turns sizes into bytes. */
export function buildSite({ key, config, origins, secrets }: Parts): Site {
  const [receiptSecret = '', ...previous] = secrets.get('receiptSecret') ?? [];
  return {
    key,
    name: config.name ?? key,
    enabled: config.enabled,
    origins,
    storage: storageOf(config, secrets),
    prefix: normalisePrefix(config.prefix ?? key),
    visibility: config.visibility,
    fileLinkSeconds: config.fileLinkSeconds,
    accept: (config.accept ?? []).map((token) => token.trim().toLowerCase()),
    unsafeActiveTypes: config.unsafeActiveTypes,
    ...sizesOf(config),
    integrity: config.integrity,
    image: imageOf(config.image),
    limits: limitsOf(config),
    grant: { required: config.grant.required, secrets: secrets.get('grant.secret') ?? [] },
    receiptSecrets: [receiptSecret, ...previous],
    signedRequest: false,
  };
}

function storageOf({ storage }: CheckedSiteConfig, secrets: SiteSecrets): StorageSettings {
  return {
    endpoint: normaliseAddress(storage.endpoint),
    bucket: storage.bucket,
    region: storage.region ?? regionOf(storage.endpoint) ?? 'us-east-1',
    keyId: secrets.get('storage.keyId')?.[0] ?? '',
    applicationKey: secrets.get('storage.applicationKey')?.[0] ?? '',
    pathStyle: storage.pathStyle,
    publicUrl: storage.publicUrl === undefined ? null : normaliseAddress(storage.publicUrl),
    provider: storage.provider,
  };
}

function sizesOf(config: CheckedSiteConfig) {
  const multipartThresholdBytes = bytes(config.multipart.threshold);
  return {
    minSizeBytes: bytes(config.minSize),
    maxSizeBytes: bytes(config.maxSize),
    maxTotalSizeBytes: bytes(config.maxTotalSize),
    maxFiles: config.maxFiles ?? null,
    ...(multipartThresholdBytes === null ? {} : { multipartThresholdBytes }),
  };
}

function imageOf({ renditions, ...image }: CheckedSiteConfig['image']): ImagePolicy {
  return {
    maxWidth: image.maxWidth ?? null,
    maxHeight: image.maxHeight ?? null,
    quality: image.quality,
    format: image.format,
    metadata: image.metadata,
    renditions: renditions.map(({ name, maxWidth, maxHeight, format }) => ({
      name,
      ...(maxWidth === undefined ? {} : { maxWidth }),
      ...(maxHeight === undefined ? {} : { maxHeight }),
      ...(format === undefined ? {} : { format }),
    })),
  };
}

function limitsOf({ limits }: CheckedSiteConfig): SiteLimits {
  return {
    uploadsPerMinute: limits.uploadsPerMinute ?? null,
    uploadsPerMinutePerIp: limits.uploadsPerMinutePerIp ?? null,
    bytesPerDay: bytes(limits.bytesPerDay),
  };
}

function bytes(size: string | number | undefined): number | null {
  return size === undefined ? null : (parseSize(String(size)) ?? null);
}
