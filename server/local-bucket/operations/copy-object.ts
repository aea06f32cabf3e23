// CopyObject and UploadPartCopy: bytes that are here already. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import { createHash } from 'node:crypto';
import type { BlobWriter } from '../disk/blob-file.js';
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { bucketOf, header, keyOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import type { ByteRange } from './byte-range.js';
import { findCopySource } from './copy-source.js';
import type { CopySource } from './copy-source.js';
import { readSegments } from './get-object.js';
import { partNumberOf, uploadOf } from './multipart.js';
import { readObjectHeaders, versionHeader } from './object-headers.js';
import { MAX_BODY_BYTES, readWriteCondition } from './put-object.js';

export async function copyObject(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const source = findCopySource(call);
  const headers = chooseHeaders(call, source, key);
  const condition = readWriteCondition(call);
  condition.check(bucket.latest(key));
  checkSize(source.version.size);

  const writer = bucket.blobs.createWriter();
  const range = { start: 0, end: source.version.size - 1, isPartial: false };
  const version = await withWriter(writer, async () => {
    const etag = await copyBytes(source, range, writer);
    const modifiedAtMs = call.service.now().getTime();
    return bucket.publishObject(
      writer,
      { key, headers, size: source.version.size, etag, modifiedAtMs },
      condition,
    );
  });
  return {
    status: 200,
    headers: { ...versionHeader(version, call), ...sourceHeader(source.bucket, source.version) },
    xml: xmlDocument('CopyObjectResult', describeResult(version)),
  };
}

export async function uploadPartCopy(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const uploadId = uploadOf(call).fileId;
  const partNumber = partNumberOf(call);
  const source = findCopySource(call);
  const range = readCopyRange(header(call, 'x-amz-copy-source-range'), source.version.size);
  const size = range.end - range.start + 1;
  checkSize(size);

  const writer = bucket.blobs.createWriter();
  const part = await withWriter(writer, async () => {
    const etag = await copyBytes(source, range, writer);
    return bucket.publishPart(writer, {
      uploadId,
      partNumber,
      size,
      etag,
      modifiedAtMs: call.service.now().getTime(),
    });
  });
  return {
    status: 200,
    headers: sourceHeader(source.bucket, source.version),
    xml: xmlDocument('CopyPartResult', describeResult(part)),
  };
}

/** COPY keeps the source's headers, REPLACE takes the request's. */
function chooseHeaders(call: Call, source: CopySource, key: string): Readonly<Record<string, string>> {
  const directive = header(call, 'x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.');
  const replaced = readObjectHeaders(call);
  if (directive === 'REPLACE') return replaced;
  const isOnItself =
    source.bucket.name === call.target.bucketName && source.version.key === key && !source.isExactVersion;
  if (!isOnItself) return source.version.headers;
  throw new S3Error(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

function checkSize(size: number): void {
  if (size <= MAX_BODY_BYTES) return;
  throw new S3Error(
    'InvalidRequest',
    `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_BODY_BYTES}`,
  );
}

function readCopyRange(range: string | undefined, size: number): ByteRange {
  if (range === undefined) return { start: 0, end: size - 1, isPartial: false };
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || end < start) {
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  if (end >= size)
    throw new S3Error('InvalidArgument', `Range specified is not valid for source object of size: ${size}`);
  return { start, end, isPartial: true };
}

async function withWriter<T>(writer: BlobWriter, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Answers the MD5 of what was copied. */
async function copyBytes(source: CopySource, range: ByteRange, writer: BlobWriter): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of readSegments(source.bucket, source.version, range)) {
    hash.update(chunk);
    await writer.write(chunk);
  }
  return hash.digest('hex');
}

function sourceHeader(bucket: Bucket, version: ObjectVersion): Readonly<Record<string, string>> {
  return bucket.settings.versioning === 'Off' ? {} : { 'x-amz-copy-source-version-id': version.versionId };
}

function describeResult(copy: { readonly modifiedAtMs: number; readonly etag: string }): readonly string[] {
  return [text('LastModified', new Date(copy.modifiedAtMs).toISOString()), text('ETag', `"${copy.etag}"`)];
}
