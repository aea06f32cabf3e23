// What the headers promise about a body: its length, its digests. Checked before the first byte is read.
import type { Checksum } from '../disk/records.js';
import { S3Error } from '../s3-error.js';
import { header } from './call.js';
import type { Call } from './call.js';
import { isChecksumValue, isKnownChecksum } from './checksums.js';

export interface BodyPromises {
  /** Of the payload, without the framing of aws-chunked. */
  readonly size: number;
  readonly md5?: string;
  /** Promised in a header; a value that is still empty comes in the trailer. */
  readonly checksum?: Checksum;
}

/** @throws {S3Error} MissingContentLength, EntityTooLarge, InvalidDigest, InvalidRequest, NotImplemented. */
export function readPromises(call: Call, maxBytes: number): BodyPromises {
  const size = promisedSize(call);
  if (size > maxBytes) {
    throw new S3Error('EntityTooLarge', undefined, {
      details: { ProposedSize: String(size), MaxSizeAllowed: String(maxBytes) },
    });
  }
  const md5 = header(call, 'content-md5');
  if (md5 !== undefined && !isMd5(md5))
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  const checksum = promisedChecksum(call);
  return { size, ...(md5 === undefined ? {} : { md5 }), ...(checksum && { checksum }) };
}

function promisedSize(call: Call): number {
  const name = call.payload.kind === 'chunked' ? 'x-amz-decoded-content-length' : 'content-length';
  const length = header(call, name);
  if (length === undefined) throw new S3Error('MissingContentLength');
  if (!/^\d{1,15}$/.test(length)) throw new S3Error('InvalidArgument', `${name} must be a number of bytes`);
  return Number(length);
}

function isMd5(value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 16 && bytes.toString('base64') === value;
}

function promisedChecksum(call: Call): Checksum | undefined {
  // Only headers count: in a presigned URL the parameter was computed before there was a body.
  const { headers } = call.request;
  const names = Object.keys(headers).filter((name) =>
    /^x-amz-checksum-(?!algorithm$|type$|mode$)/.test(name),
  );
  const trailer =
    call.payload.kind === 'chunked' && call.payload.hasTrailer ? header(call, 'x-amz-trailer') : undefined;
  if (trailer !== undefined) names.push(trailer.trim().toLowerCase());
  if (names.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }

  const [field] = names;
  if (field === undefined) {
    if (headers['x-amz-sdk-checksum-algorithm'] === undefined) return undefined;
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  const name = field.replace('x-amz-checksum-', '');
  if (!isKnownChecksum(name)) throw new S3Error('NotImplemented', undefined, { details: { Header: field } });
  const value = trailer === undefined ? (header(call, field) ?? '') : '';
  if (trailer === undefined && !isChecksumValue(name, value))
    throw new S3Error('InvalidRequest', `Value for ${field} header is invalid.`);
  return { name, value };
}
