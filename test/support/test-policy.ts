// The policy of a site that takes everything and touches no image: what the widget's tests bend to their needs.
import type { SitePolicy } from '../../server/protocol.js';

export const TEST_POLICY: SitePolicy = {
  siteKey: 'pk_test',
  name: 'Test',
  accept: [],
  minSizeBytes: null,
  maxSizeBytes: null,
  maxTotalSizeBytes: null,
  maxFiles: null,
  image: {
    maxWidth: null,
    maxHeight: null,
    quality: 0.85,
    format: 'original',
    metadata: 'keep',
    renditions: [],
  },
  multipart: { thresholdBytes: 5e9, minPartBytes: 5e6, maxPartBytes: 5e9, maxParts: 10_000 },
  integrity: false,
  grantRequired: false,
  visibility: 'public',
};
