// What every part of the S3 contract works with: one store, one bucket of its own, fresh keys, presigned URLs, exact bytes.
import { CreateBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

export interface StoreUnderTest {
  readonly endpoint: string;
  readonly keyId: string;
  readonly applicationKey: string;
  close(): Promise<void>;
}

/** Where a store is known to differ from AWS; each value is the reason, shown beside the tests that are left out. */
export interface Quirks {
  readonly bucketOwned?: string;
  readonly checksums?: string;
  readonly chunkedBodies?: string;
  readonly conditionalCompletion?: string;
  readonly copyConditions?: string;
  readonly corsOnErrors?: string;
  readonly expiryRange?: string;
  readonly lateCompletion?: string;
  /** The code that ListParts answers when the upload was aborted, if it is not NoSuchUpload. */
  readonly abortedListCode?: string;
  readonly limits?: string;
  readonly partList?: string;
  readonly unsignedHeaders?: string;
}

export type OpenTestBed = () => TestBed;

export interface TestBed {
  readonly store: StoreUnderTest;
  readonly client: S3Client;
  readonly bucket: string;
}

export interface PresignOptions {
  readonly expiresIn?: number;
  readonly signingDate?: Date;
  readonly contentType?: boolean;
  readonly unhoisted?: readonly string[];
}

export const MIB = 2 ** 20;

export async function createTestBed(store: StoreUnderTest): Promise<TestBed> {
  const client = createClient(store);
  const bucket = newBucketName();
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return { store, client, bucket };
}

export function createClient(
  store: StoreUnderTest,
  overrides: { readonly applicationKey?: string; readonly keyId?: string } = {},
): S3Client {
  const { keyId, applicationKey } = { ...store, ...overrides };
  return new S3Client({
    endpoint: store.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: keyId, secretAccessKey: applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

type Presignable<I extends ServiceInputTypes, O extends ServiceOutputTypes> = Parameters<
  typeof getSignedUrl<ServiceInputTypes, I, O>
>[1];

export function presign<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
  client: S3Client,
  command: Presignable<I, O>,
  options: PresignOptions = {},
): Promise<string> {
  const { expiresIn = 900, signingDate, contentType = false, unhoisted = [] } = options;
  return getSignedUrl(client, command, {
    expiresIn,
    unhoistableHeaders: new Set(unhoisted),
    ...(signingDate && { signingDate }),
    ...(contentType && { signableHeaders: new Set(['content-type']) }),
  });
}

export function newBucketName(): string {
  return `contract-${randomBytes(6).toString('hex')}`;
}

export function newKey(name = 'object'): string {
  return `${randomBytes(6).toString('hex')}/${name}`;
}

/** Bytes that no compression and no accident makes. */
export function newBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(length));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function md5(bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('md5').update(bytes).digest(encoding);
}

/** PUTs as a browser would: the URL, the bytes, the headers it was told to send. */
export function put(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers });
}

export async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

/** The `<Code>` of an XML error. */
export async function codeOf(response: Response): Promise<string> {
  return /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? '';
}

/** Expects an XML error over raw HTTP. */
export async function assertRefusal(response: Response, status: number, code: string): Promise<void> {
  assert.deepEqual({ status: response.status, code: await codeOf(response) }, { status, code });
}

/** Expects an error of the SDK. */
export async function assertRejects(promise: Promise<unknown>, status: number, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof S3ServiceException, `expected ${code}, got ${String(error)}`);
  assert.deepEqual({ status: error.$metadata.httpStatusCode, code: error.name }, { status, code });
}
