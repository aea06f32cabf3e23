// A site to test with: everything allowed that a test does not forbid.
import type { Site } from '../../server/sites/site.js';

export const ORIGIN = 'https://www.example.com';
export const SECRET = 'a secret of the tests that is long enough';

/** A site on a store that is never asked unless `storage` is given. */
export function testSite(overrides: Partial<Site> = {}): Site {
  return {
    key: 'pk_test_1234567890abcdef1234',
    name: 'Test',
    enabled: true,
    origins: [{ kind: 'exact', origin: ORIGIN }],
    storage: {
      endpoint: 'https://s3.us-west-004.backblazeb2.com',
      bucket: 'test-uploads',
      region: 'us-west-004',
      keyId: 'testkeyid',
      applicationKey: 'testapplicationkey',
      pathStyle: true,
      publicUrl: null,
      provider: 'auto',
    },
    prefix: 'uploads/',
    visibility: 'private',
    fileLinkSeconds: 604_800,
    accept: [],
    unsafeActiveTypes: false,
    minSizeBytes: null,
    maxSizeBytes: null,
    maxTotalSizeBytes: null,
    maxFiles: null,
    integrity: true,
    image: {
      maxWidth: 2048,
      maxHeight: 2048,
      quality: 0.85,
      format: 'auto',
      metadata: 'strip',
      renditions: [],
    },
    limits: { uploadsPerMinute: null, uploadsPerMinutePerIp: null, bytesPerDay: null },
    grant: { required: false, secrets: [] },
    receiptSecrets: ['a receipt secret of the tests that is long enough'],
    signedRequest: false,
    ...overrides,
  };
}
