// The contract on Ceph's RADOS Gateway: proof that the suite asks for what real S3 servers do.
//   eval "$(bash test/support/radosgw.sh start 9320)"; npx tsx --test test/contracts/radosgw.test.ts; bash test/support/radosgw.sh stop 9320
import { describe, it } from 'node:test';
import { s3StoreContract } from './s3-store.contract.js';

const { RGW_ENDPOINT: endpoint, RGW_KEY_ID: keyId, RGW_APPLICATION_KEY: applicationKey } = process.env;

if (endpoint && keyId && applicationKey) {
  s3StoreContract(
    'radosgw',
    () => Promise.resolve({ endpoint, keyId, applicationKey, close: () => Promise.resolve() }),
    {
      bucketOwned: 'RGW answers 200 to the owner, as us-east-1 does for old clients',
      checksums: 'RGW 16.2 ignores x-amz-checksum-*',
      chunkedBodies: 'RGW 16.2 knows no aws-chunked streams with a trailer',
      conditionalCompletion: 'RGW 16.2 ignores If-None-Match on CompleteMultipartUpload',
      copyConditions: 'RGW 16.2 ignores x-amz-copy-source-if-match within a zone',
      corsOnErrors: 'RGW 16.2 sends no CORS headers on a 403',
      expiryRange: 'RGW 16.2 answers 403 AccessDenied, without saying what is wrong with the expiry',
      lateCompletion: 'RGW 16.2 answers 200 to rivals that complete the same upload',
      abortedListCode: 'NoSuchKey',
      limits:
        'RGW 16.2 has other limits: 64 KB of metadata, any part number, InvalidObjectName for a long key',
      partList: 'RGW 16.2 sorts the list of parts by itself, and wants every part in it',
      unsignedHeaders: 'RGW 16.2 takes x-amz-meta-* headers that nobody signed',
    },
  );
} else {
  describe('S3 contract: radosgw', () => {
    it(
      'runs',
      { skip: 'set RGW_ENDPOINT, RGW_KEY_ID and RGW_APPLICATION_KEY (test/support/radosgw.sh)' },
      () => undefined,
    );
  });
}
