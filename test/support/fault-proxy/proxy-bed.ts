// A fault proxy between a client and the local bucket, for the proxy's own tests.
import { CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startFaultProxy, type FaultProxy, type FaultRule, type RuleHandle } from '../fault-proxy.js';
import { createTestBucket, openBucket, startTestStore, type TestBucket } from '../test-bucket.js';

export const ORIGIN = 'https://www.example.com';
/** What `put` sends. */
export const BODY = randomBytes(300_000);

export interface ProxyBed {
  readonly proxy: FaultProxy;
  /** The bucket itself. */
  readonly bucket: TestBucket;
  /** The same bucket, through the proxy. */
  readonly far: TestBucket;
  readonly bucketName: string;
  /** A URL to PUT an object to, through the proxy. */
  presign(key: string): Promise<string>;
  openMultipart(key: string): Promise<{
    readonly uploadId: string | undefined;
    readonly signPart: (partNumber: number) => Promise<string>;
  }>;
  /** PUTs a new object under a rule; the answer is a Response, or what fetch threw. */
  putUnder(
    rule: FaultRule,
    init?: RequestInit,
  ): Promise<{ readonly key: string; readonly handle: RuleHandle; readonly answer: unknown }>;
  /** The latest entry of the log with this method. */
  latest(method: string): ReturnType<FaultProxy['log']['select']>[number] | undefined;
  /** Takes all rules and faults away. */
  clear(): void;
  close(): Promise<void>;
}

export async function openProxyBed(): Promise<ProxyBed> {
  const store = await startTestStore();
  const bucket = await createTestBucket(store);
  const proxy = await startFaultProxy({ target: store.endpoint, seed: 7 });
  const Bucket = bucket.settings.bucket;
  const far = openBucket({ ...store, endpoint: proxy.url }, Bucket);
  const presign = (Key: string) => getSignedUrl(far.client, new PutObjectCommand({ Bucket, Key }));
  return {
    proxy,
    bucket,
    far,
    bucketName: Bucket,
    presign,
    async openMultipart(Key) {
      const { UploadId } = await far.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const signPart = (PartNumber: number) =>
        getSignedUrl(far.client, new UploadPartCommand({ Bucket, Key, UploadId, PartNumber }));
      return { uploadId: UploadId, signPart };
    },
    async putUnder(rule, init) {
      const key = randomBytes(8).toString('hex');
      const handle = proxy.rules.add(rule);
      const answer: unknown = await put(await presign(key), init).catch((error: unknown) => error);
      return { key, handle, answer };
    },
    latest: (method) => proxy.log.select({ method }).at(-1),
    clear() {
      proxy.setDown(false);
      proxy.release();
      proxy.rules.clear();
      proxy.log.clear();
    },
    async close() {
      far.close();
      bucket.close();
      await proxy.close();
      await store.close();
    },
  };
}

/** PUTs `BODY` as a page would. */
export function put(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: 'PUT', body: new Blob([BODY]), headers: { origin: ORIGIN }, ...init });
}

export function assertReset(answer: unknown): void {
  assert.ok(answer instanceof TypeError, String(answer));
}

export function assertStatus(answer: unknown, status: number): Response {
  assert.ok(answer instanceof Response, String(answer));
  assert.equal(answer.status, status);
  return answer;
}

/** Waits for a condition, turn by turn. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
