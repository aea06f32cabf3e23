// GetObject and HeadObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { bucketOf, header, keyOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { S3Error } from '../s3-error.js';
import { chooseRange } from './byte-range.js';
import type { ByteRange } from './byte-range.js';
import { findVersion } from './find-version.js';
import { describeObject } from './object-headers.js';

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

export function getObject(call: Call): Answer {
  const bucket = bucketOf(call);
  const version = findVersion(bucket, keyOf(call), parameter(call, 'versionId'));
  const headers = describeObject(version, call);
  checkReadConditions(call, version, headers);

  const range = chooseRange(
    { rangeHeader: header(call, 'range'), partNumber: parameter(call, 'partNumber') },
    version,
  );
  const { start, end } = range;
  return {
    status: range.isPartial ? 206 : 200,
    headers: {
      ...headers,
      ...overrides(call),
      'content-length': String(end - start + 1),
      ...(range.isPartial && { 'content-range': `bytes ${start}-${end}/${version.size}` }),
      ...(range.partCount !== undefined && { 'x-amz-mp-parts-count': String(range.partCount) }),
    },
    ...(call.request.method === 'GET' && end >= start && { send: openBody(bucket, version, range) }),
  };
}

/** If-Match, If-None-Match and their like; see RFC 9110, section 13.2.2, for the order. */
export function checkReadConditions(
  call: Call,
  version: ObjectVersion,
  headers: Readonly<Record<string, string>>,
): void {
  const ifMatch = header(call, 'if-match');
  const ifNoneMatch = header(call, 'if-none-match');
  const isSince = (name: string): boolean | undefined => isModifiedSince(version, header(call, name));
  if (ifMatch !== undefined && !namesEtag(ifMatch, version.etag))
    throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-Match' } });
  if (ifMatch === undefined && isSince('if-unmodified-since') === true) {
    throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-Unmodified-Since' } });
  }
  const isUnchanged =
    ifNoneMatch === undefined ? isSince('if-modified-since') === false : namesEtag(ifNoneMatch, version.etag);
  const { etag = '', 'last-modified': lastModified = '' } = headers;
  if (isUnchanged)
    throw new S3Error('NotModified', undefined, { headers: { etag, 'last-modified': lastModified } });
}

/** Dates in headers have whole seconds. Answers nothing for a date that is none. */
function isModifiedSince(version: ObjectVersion, date: string | undefined): boolean | undefined {
  const instant = Date.parse(date ?? '');
  return Number.isNaN(instant) ? undefined : Math.floor(version.modifiedAtMs / 1000) * 1000 > instant;
}

function namesEtag(list: string, etag: string): boolean {
  return list
    .split(',')
    .some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '').replaceAll('"', '') === etag);
}

/** `response-content-disposition` and its like; only signed requests get here at all. */
function overrides(call: Call): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = parameter(call, `response-${name}`);
    if (value === undefined) continue;
    if (!/^[\t\x20-\x7e\u0080-\u00ff]*$/.test(value))
      throw new S3Error('InvalidArgument', `response-${name} holds characters that a header cannot`);
    found[name] = value;
  }
  return found;
}

/** Opens now, before anything else can remove the version; sends later. */
function openBody(
  bucket: Bucket,
  version: ObjectVersion,
  range: ByteRange,
): (response: ServerResponse) => Promise<void> {
  if (!version.segments) {
    const source = bucket.blobs.open(version.fileId, range);
    return (response) => pipeline(source, response);
  }
  const chunks = readSegments(bucket, version, range);
  return (response) => pipeline(chunks, response);
}

/** The bytes of an object that was uploaded in parts, opening one file after the other. */
export function readSegments(
  bucket: Bucket,
  version: ObjectVersion,
  range: ByteRange,
): AsyncIterable<Buffer> {
  const segments = version.segments ?? [{ fileId: version.fileId, size: version.size }];
  const unpin = bucket.blobs.pin(segments);
  return (async function* read() {
    try {
      let offset = 0;
      for (const { fileId, size } of segments) {
        const start = Math.max(range.start - offset, 0);
        const end = Math.min(range.end - offset, size - 1);
        offset += size;
        if (start <= end) yield* bucket.blobs.open(fileId, { start, end }) as AsyncIterable<Buffer>;
      }
    } finally {
      unpin();
    }
  })();
}
