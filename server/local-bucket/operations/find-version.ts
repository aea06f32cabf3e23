// Looks a version up, and says what S3 says when it is not there or is a delete marker.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { S3Error } from '../s3-error.js';

/** @throws {S3Error} NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker that is asked for by its id. */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId !== undefined) return findExactVersion(bucket, key, versionId);
  const latest = bucket.latest(key);
  if (latest && !latest.deleteMarker) return latest;
  const headers: Record<string, string> = latest
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.versionId }
    : {};
  throw new S3Error('NoSuchKey', undefined, { details: { Key: key }, headers });
}

function findExactVersion(bucket: Bucket, key: string, versionId: string): ObjectVersion {
  checkVersionId(versionId);
  const version = bucket.version(key, versionId);
  if (!version)
    throw new S3Error('NoSuchVersion', undefined, { details: { Key: key, VersionId: versionId } });
  if (!version.deleteMarker) return version;
  throw new S3Error('MethodNotAllowed', undefined, {
    details: { Method: 'GET', ResourceType: 'DeleteMarker' },
    headers: { allow: 'DELETE', 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId },
  });
}

export function checkVersionId(versionId: string): void {
  if (!/^(?:null|[0-9a-f]{32})$/.test(versionId))
    throw new S3Error('InvalidArgument', 'Invalid version id specified');
}
