// ListObjectVersions: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { bucketOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { group, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { OWNER_XML } from './buckets.js';
import { readListingQuery, walkKeys } from './listing.js';
import type { ListingQuery } from './listing.js';

/** One line of the listing: a version, or a common prefix. */
type Line = { readonly key: string; readonly version?: ObjectVersion; readonly isLatest?: boolean };

interface Start {
  readonly keyMarker: string;
  readonly versionIdMarker: string;
}

export function listObjectVersions(call: Call): Answer {
  const bucket = bucketOf(call);
  const query = readListingQuery(call, 'max-keys');
  const start = {
    keyMarker: parameter(call, 'key-marker') ?? '',
    versionIdMarker: parameter(call, 'version-id-marker') ?? '',
  };
  if (start.versionIdMarker !== '' && start.keyMarker === '') {
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }

  const lines: Line[] = [];
  for (const line of walkVersions(bucket, query, start)) {
    // One more than asked for tells whether there are more.
    if (lines.push(line) > query.limit) break;
  }
  const page = lines.slice(0, query.limit);
  const next = lines.length > page.length ? page.at(-1) : undefined;
  return {
    status: 200,
    xml: xmlDocument('ListVersionsResult', [
      text('Name', bucket.name),
      text('Prefix', query.encode(query.prefix)),
      text('Delimiter', query.delimiter === '' ? undefined : query.encode(query.delimiter)),
      text('KeyMarker', query.encode(start.keyMarker)),
      text('VersionIdMarker', start.versionIdMarker),
      text('MaxKeys', query.limit),
      text('EncodingType', query.encodingType),
      text('IsTruncated', next !== undefined),
      text('NextKeyMarker', next && query.encode(next.key)),
      text('NextVersionIdMarker', next?.version?.versionId),
      ...page.map((line) => describeLine(line, query)),
    ]),
  };
}

function* walkVersions(bucket: Bucket, query: ListingQuery, start: Start): Generator<Line> {
  // With a version marker the rest of the marked key comes first.
  const isInsideKey = start.versionIdMarker !== '' && start.keyMarker.startsWith(query.prefix);
  if (isInsideKey) {
    const versions = bucket.objects.get(start.keyMarker) ?? [];
    const position = versions.findIndex((version) => version.versionId === start.versionIdMarker);
    for (const version of position < 0 ? [] : versions.slice(position + 1))
      yield { key: start.keyMarker, version, isLatest: false };
  }
  for (const { key, isPrefix } of walkKeys(bucket.objects, query, start.keyMarker)) {
    if (isPrefix) yield { key };
    else
      for (const [index, version] of (bucket.objects.get(key) ?? []).entries())
        yield { key, version, isLatest: index === 0 };
  }
}

function describeLine({ key, version, isLatest = false }: Line, query: ListingQuery): string {
  if (!version) return group('CommonPrefixes', [text('Prefix', query.encode(key))]);
  const common = [
    text('Key', query.encode(key)),
    text('VersionId', version.versionId),
    text('IsLatest', isLatest),
    text('LastModified', new Date(version.modifiedAtMs).toISOString()),
  ];
  if (version.deleteMarker) return group('DeleteMarker', [...common, OWNER_XML]);
  return group('Version', [
    ...common,
    text('ETag', `"${version.etag}"`),
    text('Size', version.size),
    OWNER_XML,
    text('StorageClass', 'STANDARD'),
  ]);
}
