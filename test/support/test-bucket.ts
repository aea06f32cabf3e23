// Buckets to test against: the embedded one in a folder of its own, or a real S3 server named by the environment.
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalBucket } from '../../server/local-bucket/local-bucket.js';
import type { StorageSettings } from '../../server/sites/site.js';

/** A store that answers at `endpoint` with one key. */
export interface TestStore {
  readonly endpoint: string;
  readonly keyId: string;
  readonly applicationKey: string;
  close(): Promise<void>;
}

export interface TestBucket {
  readonly settings: StorageSettings;
  readonly client: S3Client;
  /** Every key below a prefix. */
  keys(prefix?: string): Promise<readonly string[]>;
  /** How many versions a key has. */
  versions(key: string): Promise<number>;
  /** The `x-amz-meta-*` of a stored object. */
  metadata(key: string): Promise<Readonly<Record<string, string>>>;
  /** SHA-256 of a stored object, in hex. */
  sha256(key: string): Promise<string>;
  close(): void;
}

export async function startTestStore(profile: 's3' | 'b2' = 's3'): Promise<TestStore> {
  const dir = await mkdtemp(join(tmpdir(), 'b2-uploader-bucket-'));
  const credentials = { keyId: 'testkeyid', applicationKey: 'testapplicationkey' };
  const bucket = await startLocalBucket({ dir, credentials, profile });
  const close = async () => {
    await bucket.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { endpoint: bucket.endpoint, ...credentials, close };
}

/** The S3 server that RGW_ENDPOINT, RGW_KEY_ID and RGW_APPLICATION_KEY name, if any. */
export function namedStore(): TestStore | undefined {
  const { RGW_ENDPOINT: endpoint, RGW_KEY_ID: keyId, RGW_APPLICATION_KEY: applicationKey } = process.env;
  if (!endpoint || !keyId || !applicationKey) return undefined;
  return { endpoint, keyId, applicationKey, close: () => Promise.resolve() };
}

/** Makes a bucket of its own that pages of `origins` may write to. */
export async function createTestBucket(
  store: Omit<TestStore, 'close'>,
  origins: readonly string[] = ['*'],
): Promise<TestBucket> {
  const Bucket = `test-${randomBytes(6).toString('hex')}`;
  const bucket = openBucket(store, Bucket);
  await bucket.client.send(new CreateBucketCommand({ Bucket }));
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['PUT', 'GET', 'HEAD'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
  };
  if (origins.length > 0) {
    await bucket.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
  }
  return bucket;
}

/** Opens a bucket that exists. */
export function openBucket(store: Omit<TestStore, 'close'>, bucket: string): TestBucket {
  const { endpoint, keyId, applicationKey } = store;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: keyId, secretAccessKey: applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    client,
    settings: {
      endpoint,
      bucket,
      region: 'us-east-1',
      keyId,
      applicationKey,
      pathStyle: true,
      publicUrl: null,
      provider: 'auto',
    },
    async keys(prefix = '') {
      const list = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return (list.Contents ?? []).map((object) => object.Key ?? '');
    },
    async versions(key) {
      const list = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
      return (list.Versions ?? []).length;
    },
    async metadata(key) {
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return Metadata ?? {};
    },
    async sha256(key) {
      const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return sha256Of((await object.Body?.transformToByteArray()) ?? new Uint8Array());
    },
    close: () => client.destroy(),
  };
}

/** SHA-256 in hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
