// The local bucket keeps the S3 contract, without exception.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalBucket } from '../../server/local-bucket/local-bucket.js';
import { s3StoreContract } from './s3-store.contract.js';

s3StoreContract('local bucket', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'local-bucket-contract-'));
  const credentials = { keyId: 'contract', applicationKey: 'contract-secret' };
  const bucket = await startLocalBucket({ dir, credentials });
  return {
    endpoint: bucket.endpoint,
    ...credentials,
    close: async () => {
      await bucket.close();
      await rm(dir, { recursive: true });
    },
  };
});
