// The question that start asks each bucket, and how its owner is told what is wrong.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkBuckets } from '../../../server/runtime/check-buckets.js';
import {
  createTestBucket,
  startTestStore,
  type TestBucket,
  type TestStore,
} from '../../support/test-bucket.js';
import { testSite } from '../../support/test-site.js';

describe('checkBuckets', () => {
  let store: TestStore;
  let bucket: TestBucket;

  before(async () => {
    store = await startTestStore();
    bucket = await createTestBucket(store);
  });
  after(async () => {
    bucket.close();
    await store.close();
  });

  const check = (storage: Partial<TestBucket['settings']>) =>
    checkBuckets([testSite({ storage: { ...bucket.settings, ...storage } })], AbortSignal.timeout(20_000));

  it('says nothing where all is well', async () => {
    assert.deepEqual(await check({}), []);
  });

  const faults: readonly [string, Partial<TestBucket['settings']>, RegExp][] = [
    [
      'a missing bucket',
      { bucket: 'not-there' },
      /"not-there".*NoSuchBucket: there is no bucket of this name/,
    ],
    ['an unknown key id', { keyId: 'nobody' }, /InvalidAccessKeyId/],
    [
      'a wrong key',
      { applicationKey: 'wrong-key-of-the-tests' },
      /SignatureDoesNotMatch: the application key/,
    ],
    ['another region', { region: 'eu-west-9' }, /: the bucket is in the region us-east-1$/],
    ['no server', { endpoint: 'http://127.0.0.1:9' }, /cannot be reached/],
  ];
  for (const [title, storage, expected] of faults) {
    it(`names ${title}, and no secret`, async () => {
      const [line = '', ...others] = await check(storage);

      assert.match(line, expected);
      assert.deepEqual(others, []);
      assert.equal(line.includes(storage.applicationKey ?? bucket.settings.applicationKey), false);
    });
  }
});
