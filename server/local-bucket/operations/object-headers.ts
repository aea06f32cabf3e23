// Headers that are kept with an object, headers that S3 has and this store has not, and their way back out.
import type { ObjectVersion } from '../disk/bucket.js';
import { header } from '../http/call.js';
import type { Call } from '../http/call.js';
import { S3Error } from '../s3-error.js';

const SYSTEM_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;
const META = 'x-amz-meta-';
const MAX_METADATA_BYTES = 2048;

// Silence would promise an encryption, a lock or a tag that is not there.
const NOT_IMPLEMENTED =
  /^x-amz-(?:tagging|website-redirect-location|object-lock-.*|server-side-encryption-(?:customer|aws|bucket|context).*|write-offset-bytes)$/;

/**
 * Reads what is to be stored with the object.
 * @throws {S3Error} MetadataTooLarge above 2 KB (names and values together), NotImplemented, AccessControlListNotSupported.
 */
export function readObjectHeaders(call: Call): Readonly<Record<string, string>> {
  checkImplemented(call);
  const kept: Record<string, string> = {};
  for (const name of SYSTEM_HEADERS) {
    const value = header(call, name);
    if (value !== undefined) kept[name] = value;
  }
  keepContentEncoding(kept);
  kept['content-type'] ??= 'binary/octet-stream';

  let metadataBytes = 0;
  for (const name of [...Object.keys(call.request.headers), ...call.target.query.keys()]) {
    const key = name.toLowerCase();
    const value = key.startsWith(META) ? header(call, key) : undefined;
    if (value === undefined || kept[key] !== undefined) continue;
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key))
      throw new S3Error('InvalidArgument', 'A metadata name is no header name.');
    kept[key] = value;
    metadataBytes += key.length - META.length + value.length;
  }
  if (metadataBytes <= MAX_METADATA_BYTES) return kept;
  throw new S3Error('MetadataTooLarge', undefined, {
    details: { Size: String(metadataBytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
  });
}

/** What GET and HEAD say about an object. */
export function describeObject(version: ObjectVersion, call: Call): Readonly<Record<string, string>> {
  const { checksum } = version;
  const wantsChecksum = header(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    ...encodeMetadata(version.headers),
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(version, call),
    ...(checksum && wantsChecksum && { [`x-amz-checksum-${checksum.name}`]: checksum.value }),
  };
}

/** `x-amz-version-id`, where the bucket has ever kept versions. */
export function versionHeader(version: ObjectVersion, call: Call): Readonly<Record<string, string>> {
  const bucket = call.service.store.bucket(call.target.bucketName ?? '');
  return bucket && bucket.settings.versioning !== 'Off' ? { 'x-amz-version-id': version.versionId } : {};
}

function checkImplemented(call: Call): void {
  for (const name of [...Object.keys(call.request.headers), ...call.target.query.keys()]) {
    if (NOT_IMPLEMENTED.test(name.toLowerCase()))
      throw new S3Error('NotImplemented', undefined, { details: { Header: name } });
    if (/^x-amz-grant-/i.test(name)) throw new S3Error('AccessControlListNotSupported');
  }
  const encryption = header(call, 'x-amz-server-side-encryption');
  if (encryption !== undefined)
    throw new S3Error('NotImplemented', undefined, { details: { Header: 'x-amz-server-side-encryption' } });
  const storageClass = header(call, 'x-amz-storage-class') ?? 'STANDARD';
  if (storageClass !== 'STANDARD')
    throw new S3Error('NotImplemented', undefined, { details: { Header: 'x-amz-storage-class' } });
  const acl = header(call, 'x-amz-acl') ?? 'private';
  if (acl !== 'private' && acl !== 'bucket-owner-full-control')
    throw new S3Error('AccessControlListNotSupported');
}

/** `aws-chunked` says how the request travelled, not what the object is. */
function keepContentEncoding(kept: Record<string, string>): void {
  const encodings = (kept['content-encoding'] ?? '').split(',').map((each) => each.trim());
  const rest = encodings.filter((each) => each !== '' && each !== 'aws-chunked');
  if (rest.length > 0) kept['content-encoding'] = rest.join(',');
  else delete kept['content-encoding'];
}

/** Bytes beyond ASCII come back as an encoded word: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
function encodeMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  const encoded: Record<string, string> = { ...headers };
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(META) || /^[\t\x20-\x7e]*$/.test(value)) continue;
    encoded[name] = `=?UTF-8?B?${Buffer.from(value, 'latin1').toString('base64')}?=`;
  }
  return encoded;
}
