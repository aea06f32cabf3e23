// ListObjectsV2 and its first version: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import type { Bucket } from '../disk/bucket.js';
import { bucketOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { group, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { OWNER_XML } from './buckets.js';
import { readListingQuery, walkKeys } from './listing.js';
import type { Entry, ListingQuery } from './listing.js';

interface Page {
  readonly entries: readonly Entry[];
  readonly isTruncated: boolean;
}

export function listObjects(call: Call): Answer {
  const listType = parameter(call, 'list-type');
  if (listType === undefined) return listObjectsV1(call);
  if (listType === '2') return listObjectsV2(call);
  throw new S3Error('InvalidArgument', 'Invalid List Type specified in Request');
}

function listObjectsV2(call: Call): Answer {
  const bucket = bucketOf(call);
  const query = readListingQuery(call, 'max-keys');
  const token = parameter(call, 'continuation-token');
  const startAfter = parameter(call, 'start-after');
  const page = readPage(bucket, query, token === undefined ? (startAfter ?? '') : readToken(token));
  const last = page.entries.at(-1);
  const withOwner = parameter(call, 'fetch-owner') === 'true';
  return {
    status: 200,
    xml: xmlDocument('ListBucketResult', [
      ...describeQuery(bucket, query, page),
      text('KeyCount', page.entries.length),
      text('ContinuationToken', token),
      text(
        'NextContinuationToken',
        page.isTruncated && last ? Buffer.from(last.key).toString('base64url') : undefined,
      ),
      text('StartAfter', startAfter === undefined ? undefined : query.encode(startAfter)),
      ...describeEntries(bucket, query, { page, withOwner }),
    ]),
  };
}

function listObjectsV1(call: Call): Answer {
  const bucket = bucketOf(call);
  const query = readListingQuery(call, 'max-keys');
  const marker = parameter(call, 'marker') ?? '';
  const page = readPage(bucket, query, marker);
  const last = page.entries.at(-1);
  return {
    status: 200,
    xml: xmlDocument('ListBucketResult', [
      ...describeQuery(bucket, query, page),
      text('Marker', query.encode(marker)),
      // Without a delimiter the client goes on from the last key.
      text(
        'NextMarker',
        page.isTruncated && last && query.delimiter !== '' ? query.encode(last.key) : undefined,
      ),
      ...describeEntries(bucket, query, { page, withOwner: true }),
    ]),
  };
}

function readPage(bucket: Bucket, query: ListingQuery, after: string): Page {
  const entries: Entry[] = [];
  for (const entry of walkKeys(bucket.objects, query, after)) {
    const isShown = entry.isPrefix ? hasLiveKey(bucket, entry.key) : isLive(bucket, entry.key);
    if (!isShown) continue;
    if (entries.length === query.limit) return { entries, isTruncated: query.limit > 0 };
    entries.push(entry);
  }
  return { entries, isTruncated: false };
}

function isLive(bucket: Bucket, key: string): boolean {
  return bucket.latest(key)?.deleteMarker === false;
}

/** A common prefix counts only while one of its keys is not deleted. */
function hasLiveKey(bucket: Bucket, prefix: string): boolean {
  const { objects } = bucket;
  const start = objects.seek(prefix);
  const end = objects.seekPastPrefix(prefix, start);
  for (let position = start; position < end; position += 1) {
    if (isLive(bucket, objects.keyAt(position) ?? '')) return true;
  }
  return false;
}

function describeQuery(bucket: Bucket, query: ListingQuery, page: Page): readonly string[] {
  return [
    text('Name', bucket.name),
    text('Prefix', query.encode(query.prefix)),
    text('Delimiter', query.delimiter === '' ? undefined : query.encode(query.delimiter)),
    text('MaxKeys', query.limit),
    text('EncodingType', query.encodingType),
    text('IsTruncated', page.isTruncated),
  ];
}

function describeEntries(
  bucket: Bucket,
  query: ListingQuery,
  { page, withOwner }: { readonly page: Page; readonly withOwner: boolean },
): readonly string[] {
  const keys = page.entries
    .filter((entry) => !entry.isPrefix)
    .map(({ key }) => describeKey(bucket, key, { query, withOwner }));
  const prefixes = page.entries
    .filter((entry) => entry.isPrefix)
    .map(({ key }) => group('CommonPrefixes', [text('Prefix', query.encode(key))]));
  return [...keys, ...prefixes];
}

function describeKey(
  bucket: Bucket,
  key: string,
  { query, withOwner }: { readonly query: ListingQuery; readonly withOwner: boolean },
): string {
  const version = bucket.latest(key);
  if (!version) return '';
  return group('Contents', [
    text('Key', query.encode(key)),
    text('LastModified', new Date(version.modifiedAtMs).toISOString()),
    text('ETag', `"${version.etag}"`),
    text('ChecksumAlgorithm', version.checksum?.name.toUpperCase()),
    text('Size', version.size),
    ...(withOwner ? [OWNER_XML] : []),
    text('StorageClass', 'STANDARD'),
  ]);
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (token !== '' && Buffer.from(key).toString('base64url') === token) return key;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    details: { ArgumentName: 'continuation-token' },
  });
}
