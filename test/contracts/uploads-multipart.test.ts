// The contract of uploads in parts on the embedded bucket, in both profiles, and on a real S3 server where one is named.
import { describe, it } from 'node:test';
import { namedStore, startTestStore } from '../support/test-bucket.js';
import { multipartUploadsContract } from './uploads-multipart.contract.js';

multipartUploadsContract('the local bucket', () => startTestStore('s3'));
multipartUploadsContract('the local bucket as B2', () => startTestStore('b2'));

const named = namedStore();
if (named) multipartUploadsContract('the named S3 server', () => Promise.resolve(named));
else
  describe('uploads in parts on a real S3 server', () =>
    it('needs RGW_ENDPOINT', { skip: 'no S3 server named' }, () => undefined));
