// The upload contract on the embedded bucket, in both profiles, and on a real S3 server where one is named.
import { describe, it } from 'node:test';
import { namedStore, startTestStore } from '../support/test-bucket.js';
import { uploadsContract } from './uploads.contract.js';

uploadsContract('the local bucket', () => startTestStore('s3'));
uploadsContract('the local bucket as B2', () => startTestStore('b2'));

const named = namedStore();
if (named) uploadsContract('the named S3 server', () => Promise.resolve(named));
else
  describe('uploads on a real S3 server', () =>
    it('needs RGW_ENDPOINT', { skip: 'no S3 server named' }, () => undefined));
