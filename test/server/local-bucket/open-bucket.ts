// A local bucket for one test: a folder of its own, a client, raw requests; closed and removed when the test ends.
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLocalBucket } from '../../../server/local-bucket/local-bucket.js';
import type { LocalBucket, LocalBucketOptions } from '../../../server/local-bucket/local-bucket.js';

export const CREDENTIALS = { keyId: 'local-key', applicationKey: 'local-secret' } as const;
export const BUCKET = 'photos';

/** What of node:test's context is needed here. */
export interface Cleaner {
  after(clean: () => Promise<void>): void;
}

export interface OpenBucket {
  readonly dir: string;
  readonly bucket: LocalBucket;
  readonly client: S3Client;
}

/** Starts a server on a fresh folder, with one bucket in it. */
export async function openBucket(
  context: Cleaner,
  options: Partial<LocalBucketOptions> = {},
): Promise<OpenBucket> {
  const dir = await newFolder(context);
  const opened = await reopenBucket(context, { ...options, dir });
  await opened.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return opened;
}

/** Starts a server on a folder that exists. */
export async function reopenBucket(
  context: Cleaner,
  options: Partial<LocalBucketOptions> & { readonly dir: string },
): Promise<OpenBucket> {
  const bucket = await startLocalBucket({ credentials: CREDENTIALS, ...options });
  const client = createClient(bucket.endpoint, options.now);
  context.after(async () => {
    client.destroy();
    await bucket.close();
  });
  return { dir: options.dir, bucket, client };
}

/** A client whose clock follows the server's. */
export function createClient(endpoint: string, now: () => Date = () => new Date()): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    systemClockOffset: now().getTime() - Date.now(),
    credentials: { accessKeyId: CREDENTIALS.keyId, secretAccessKey: CREDENTIALS.applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

export async function newFolder(context: Cleaner): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'local-bucket-'));
  // Tests clean up in the order in which they asked for it: servers on this folder are closed a moment later.
  context.after(() => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return dir;
}

/** Every file below a folder but the lock, relative to it. */
export async function filesIn(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== 'lock').map((entry) => entry.name);
}

/** Waits for a condition, for five seconds at most. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await condition()) return;
    await delay(10);
  }
  throw new Error('the condition never came true');
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface RawRequest {
  readonly method?: string;
  /** Sent exactly as it stands, unlike fetch does. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

export function sendRaw(
  endpoint: string,
  { method = 'GET', path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.once('error', reject).end(body);
  });
}

/** The `<Code>` of an XML error. */
export function codeOf(answer: RawAnswer): string {
  return /<Code>(\w+)<\/Code>/.exec(answer.body)?.[1] ?? '';
}
