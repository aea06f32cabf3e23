// PutObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import { WriteCondition } from '../disk/write-condition.js';
import { bucketOf, header, keyOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveBody } from '../http/receive-body.js';
import { S3Error } from '../s3-error.js';
import { readObjectHeaders, versionHeader } from './object-headers.js';

/** Of a single PUT, a part, and a copy in one call. */
export const MAX_BODY_BYTES = 5 * 2 ** 30;

export async function putObject(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const headers = readObjectHeaders(call);
  const condition = readWriteCondition(call);
  condition.check(bucket.latest(key));

  const unwatch = bucket.watch(key, condition);
  const version = await storeBody(call, bucket, { key, headers, condition }).finally(unwatch);
  return {
    status: 200,
    headers: { etag: `"${version.etag}"`, ...versionHeader(version, call), ...checksumHeader(version) },
  };
}

/** @throws {S3Error} NotImplemented in the B2 profile, which has no conditional writes. */
export function readWriteCondition(call: Call): WriteCondition {
  const ifNoneMatch = header(call, 'if-none-match');
  const ifMatch = header(call, 'if-match');
  if (call.service.profile === 'b2' && (ifNoneMatch ?? ifMatch) !== undefined) {
    throw new S3Error('NotImplemented', undefined, {
      details: { Header: ifNoneMatch === undefined ? 'If-Match' : 'If-None-Match' },
    });
  }
  return new WriteCondition(ifNoneMatch, ifMatch);
}

export function checksumHeader(stored: {
  readonly checksum?: { readonly name: string; readonly value: string };
}): Readonly<Record<string, string>> {
  return stored.checksum ? { [`x-amz-checksum-${stored.checksum.name}`]: stored.checksum.value } : {};
}

interface BodyPlan {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
}

async function storeBody(
  call: Call,
  bucket: Bucket,
  { key, headers, condition }: BodyPlan,
): Promise<ObjectVersion> {
  const writer = bucket.blobs.createWriter();
  try {
    const body = await receiveBody(call, MAX_BODY_BYTES, (chunk) => writer.write(chunk));
    const { size, md5: etag, checksum } = body;
    const modifiedAtMs = call.service.now().getTime();
    return await bucket.publishObject(
      writer,
      { key, headers, size, etag, modifiedAtMs, ...(checksum && { checksum }) },
      condition,
    );
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
