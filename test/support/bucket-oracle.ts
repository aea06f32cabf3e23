// What a bucket must hold after uploads, whatever happened on the way: every file once, whole, and nothing else.
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TestBucket } from './test-bucket.js';

/** A file that was to be stored. */
export interface SourceFile {
  /** In hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface BucketFindings {
  readonly objects: number;
  readonly objectBytes: number;
  /** Sources without an object. */
  readonly lost: number;
  /** Objects beyond the one of each source. */
  readonly doubled: number;
  /** Objects that are no source's content. */
  readonly corrupt: number;
  readonly openUploads: number;
  /** Keys with more than one version. */
  readonly rewritten: number;
}

/** The signer's own objects, which are no uploads. */
const OWN_PREFIX = '.b2-uploader/';

/** Compares a bucket with what was to be stored. Reads every object in full. */
export async function inspectBucket(
  bucket: TestBucket,
  sources: readonly SourceFile[],
): Promise<BucketFindings> {
  const wanted = tally(sources.map(identityOf));
  const stored: SourceFile[] = [];
  for (const key of await uploadedKeys(bucket)) stored.push(await hashObject(bucket, key));
  const found = tally(stored.map(identityOf));
  const surplus = [...found].map(
    ([identity, count]) => [identity, count - (wanted.get(identity) ?? 0)] as const,
  );
  const missing = [...wanted].map(([identity, count]) => count - (found.get(identity) ?? 0));
  return {
    objects: stored.length,
    objectBytes: stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    lost: sumOfPositive(missing),
    doubled: sumOfPositive(surplus.map(([identity, count]) => (wanted.has(identity) ? count : 0))),
    corrupt: sumOfPositive(surplus.map(([identity, count]) => (wanted.has(identity) ? 0 : count))),
    openUploads: await countOpenUploads(bucket),
    rewritten: await countRewritten(bucket),
  };
}

/** @throws {AssertionError} Unless the bucket holds exactly these files, each once, in one version, and no open upload. */
export async function verifyBucket(
  bucket: TestBucket,
  sources: readonly SourceFile[],
): Promise<BucketFindings> {
  const findings = await inspectBucket(bucket, sources);
  assert.deepEqual(findings, {
    objects: sources.length,
    objectBytes: sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    lost: 0,
    doubled: 0,
    corrupt: 0,
    openUploads: 0,
    rewritten: 0,
  });
  return findings;
}

/** Describes a file for the comparison. */
export async function sourceOf(file: Blob): Promise<SourceFile> {
  return hashStream(file.stream());
}

async function uploadedKeys({ client, settings }: TestBucket): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: settings.bucket })) {
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  }
  return keys.filter((key) => !key.startsWith(OWN_PREFIX));
}

async function hashObject({ client, settings }: TestBucket, key: string): Promise<SourceFile> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key }));
  return hashStream(Body?.transformToWebStream() ?? new Blob().stream());
}

async function hashStream(stream: AsyncIterable<Uint8Array>): Promise<SourceFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function countOpenUploads({ client, settings }: TestBucket): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }));
  return Uploads.length;
}

async function countRewritten({ client, settings }: TestBucket): Promise<number> {
  const keys: string[] = [];
  let place: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {};
  while (place) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: settings.bucket, ...place }),
    );
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    keys.push(...all.map(({ Key = '' }) => Key));
    const { IsTruncated, NextKeyMarker = '', NextVersionIdMarker = '' } = page;
    place = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
  const uploaded = keys.filter((key) => !key.startsWith(OWN_PREFIX));
  return [...tally(uploaded).values()].filter((count) => count > 1).length;
}

function identityOf({ sha256, sizeBytes }: SourceFile): string {
  return `${sha256} ${sizeBytes}`;
}

function tally(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sumOfPositive(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + Math.max(0, count), 0);
}
