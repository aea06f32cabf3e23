// How files may travel to a site's bucket: in one request or in parts, how large, and with which checks (pure).
import { MAX_OBJECT_BYTES, MAX_PART_BYTES } from './plan-parts.js';
import type { Site } from './sites/site.js';
import { capabilitiesOf } from './storage/providers.js';

const DEFAULT_THRESHOLD_BYTES = 16 * 2 ** 20;

export interface UploadLimits {
  /** A larger file is sent in parts. */
  readonly thresholdBytes: number;
  readonly maxPartBytes: number;
  readonly maxObjectBytes: number;
  /** Whether every body carries its MD5. */
  readonly integrity: boolean;
}

/** What the site asks for, within what its store can do. */
export function uploadLimits({
  storage,
  multipartThresholdBytes,
  integrity,
}: Pick<Site, 'storage' | 'multipartThresholdBytes' | 'integrity'>): UploadLimits {
  const { maxPutBytes, maxObjectBytes, contentMd5 } = capabilitiesOf(storage);
  return {
    thresholdBytes: Math.min(multipartThresholdBytes ?? DEFAULT_THRESHOLD_BYTES, maxPutBytes),
    maxPartBytes: Math.min(MAX_PART_BYTES, maxPutBytes),
    maxObjectBytes: Math.min(MAX_OBJECT_BYTES, maxObjectBytes),
    integrity: integrity && contentMd5,
  };
}
