// What a site tells the widget about itself (pure): limits and image settings, never where the files go.
import { MAX_PARTS, MIN_PART_BYTES } from './plan-parts.js';
import type { SitePolicy } from './protocol.js';
import type { Site } from './sites/site.js';
import { uploadLimits } from './upload-limits.js';

export function sitePolicy(site: Site): SitePolicy {
  const { thresholdBytes, maxPartBytes, integrity } = uploadLimits(site);
  return {
    siteKey: site.key,
    name: site.name,
    accept: site.accept,
    minSizeBytes: site.minSizeBytes,
    maxSizeBytes: site.maxSizeBytes,
    maxTotalSizeBytes: site.maxTotalSizeBytes,
    maxFiles: site.maxFiles,
    image: site.image,
    multipart: { thresholdBytes, minPartBytes: MIN_PART_BYTES, maxPartBytes, maxParts: MAX_PARTS },
    integrity,
    grantRequired: site.grant.required,
    visibility: site.visibility,
  };
}
