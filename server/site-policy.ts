// What a site tells the widget about itself (pure): limits and image settings, never where the files go.
import type { SitePolicy } from './protocol.js';
import type { Site } from './sites/site.js';
import { maxPutBytes } from './storage/providers.js';

const MIN_PART_BYTES = 5 * 2 ** 20;
const MAX_PART_BYTES = 5 * 2 ** 30;
const MAX_PARTS = 10_000;

export function sitePolicy(site: Site): SitePolicy {
  return {
    siteKey: site.key,
    name: site.name,
    accept: site.accept,
    minSizeBytes: site.minSizeBytes,
    maxSizeBytes: site.maxSizeBytes,
    maxTotalSizeBytes: site.maxTotalSizeBytes,
    maxFiles: site.maxFiles,
    image: site.image,
    // Every file travels as one PUT, so the threshold is what the store takes in one.
    multipart: {
      thresholdBytes: maxPutBytes(site.storage),
      minPartBytes: MIN_PART_BYTES,
      maxPartBytes: MAX_PART_BYTES,
      maxParts: MAX_PARTS,
    },
    integrity: site.integrity,
    grantRequired: site.grant.required,
    visibility: site.visibility,
  };
}
