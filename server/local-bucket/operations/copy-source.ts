// Finds what `x-amz-copy-source` names, and holds it against the conditions of the copy.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { header } from '../http/call.js';
import type { Call } from '../http/call.js';
import { S3Error } from '../s3-error.js';
import { findVersion } from './find-version.js';

export interface CopySource {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  /** Whether the request named a version. */
  readonly isExactVersion: boolean;
}

/** @throws {S3Error} InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed. */
export function findCopySource(call: Call): CopySource {
  const [path = '', search = ''] = (header(call, 'x-amz-copy-source') ?? '').split('?');
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucketName === undefined || key === undefined) {
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const bucket = call.service.store.bucket(bucketName);
  if (!bucket) throw new S3Error('NoSuchBucket', undefined, { details: { BucketName: bucketName } });
  const versionId = /^versionId=(.*)$/.exec(search)?.[1];
  const version = findVersion(bucket, key, versionId);
  checkConditions(call, version);
  return { bucket, version, isExactVersion: versionId !== undefined };
}

function checkConditions(call: Call, version: ObjectVersion): void {
  const ifMatch = header(call, 'x-amz-copy-source-if-match');
  const ifNoneMatch = header(call, 'x-amz-copy-source-if-none-match');
  const modifiedSince = Date.parse(header(call, 'x-amz-copy-source-if-modified-since') ?? '');
  const unmodifiedSince = Date.parse(header(call, 'x-amz-copy-source-if-unmodified-since') ?? '');
  // Dates in headers have whole seconds.
  const modifiedAt = Math.floor(version.modifiedAtMs / 1000) * 1000;
  const isEtag = (value: string): boolean => value === '*' || value.replaceAll('"', '') === version.etag;
  const isRefused =
    (ifMatch !== undefined && !isEtag(ifMatch)) ||
    (ifMatch === undefined && modifiedAt > unmodifiedSince) ||
    (ifNoneMatch !== undefined && isEtag(ifNoneMatch)) ||
    (ifNoneMatch === undefined && modifiedAt <= modifiedSince);
  if (isRefused)
    throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'x-amz-copy-source' } });
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidArgument', 'Invalid copy source encoding.');
  }
}
