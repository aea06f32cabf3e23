// What this project expects of any S3 store, said once and held against the local bucket and against a real S3 server.
import { after, before, describe } from 'node:test';
import { bucketsContract } from './s3-store/buckets.js';
import { corsContract } from './s3-store/cors.js';
import { integrityContract } from './s3-store/integrity.js';
import { multipartContract } from './s3-store/multipart.js';
import { objectsContract } from './s3-store/objects.js';
import { presignedContract } from './s3-store/presigned.js';
import { createTestBed } from './s3-store/test-bed.js';
import type { Quirks, StoreUnderTest, TestBed } from './s3-store/test-bed.js';

export type { Quirks, StoreUnderTest } from './s3-store/test-bed.js';

/**
 * Declares the suite.
 * @param open - Starts or names the store; called once.
 * @param quirks - Where the store is known to differ from AWS: each reason is printed with the tests that it leaves out.
 */
export function s3StoreContract(
  name: string,
  open: () => Promise<StoreUnderTest>,
  quirks: Quirks = {},
): void {
  describe(`S3 contract: ${name}`, () => {
    let bed: TestBed | undefined;
    before(async () => {
      bed = await createTestBed(await open());
    });
    after(async () => {
      bed?.client.destroy();
      await bed?.store.close();
    });
    const current = (): TestBed => {
      if (!bed) throw new Error('the store was not opened');
      return bed;
    };

    bucketsContract(current, quirks);
    presignedContract(current, quirks);
    objectsContract(current, quirks);
    multipartContract(current, quirks);
    integrityContract(current, quirks);
    corsContract(current, quirks);
  });
}
