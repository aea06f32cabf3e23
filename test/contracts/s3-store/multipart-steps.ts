// The steps of a multipart upload, as the contract's tests take them.
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { md5, newKey } from './test-bed.js';
import type { TestBed } from './test-bed.js';

export interface UploadName {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

export async function createUpload(
  { client, bucket }: TestBed,
  options: {
    readonly Key?: string;
    readonly ContentType?: string;
    readonly Metadata?: Record<string, string>;
  } = {},
): Promise<UploadName> {
  const Key = options.Key ?? newKey();
  const { UploadId = '' } = await client.send(
    new CreateMultipartUploadCommand({ Bucket: bucket, ...options, Key }),
  );
  return { Bucket: bucket, Key, UploadId };
}

export async function sendParts(
  { client }: TestBed,
  upload: UploadName,
  bodies: readonly Uint8Array[],
): Promise<void> {
  for (const [index, Body] of bodies.entries()) {
    await client.send(new UploadPartCommand({ ...upload, PartNumber: index + 1, Body }));
  }
}

export function completeUpload(bed: TestBed, upload: UploadName, bodies: readonly Uint8Array[]) {
  return completeWith(
    bed,
    upload,
    bodies.map((body, index) => [index + 1, body] as const),
  );
}

export function completeWith(
  { client }: TestBed,
  upload: UploadName,
  parts: readonly (readonly [number, Uint8Array])[],
) {
  const Parts = parts.map(([PartNumber, body]) => ({ PartNumber, ETag: `"${md5(body)}"` }));
  return client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
}
