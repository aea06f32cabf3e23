// Addresses as long as real presigned ones, each a URL of its own, with what the sink checks in the query.
import { randomBytes } from 'node:crypto';
import type { SignedRequest } from '../../../../server/protocol.js';

export interface Presigned {
  readonly storage: string;
  readonly key: string;
  /** Bytes that the body must have; unknown to signers that are not told. */
  readonly size?: number;
  readonly part?: { readonly uploadId: string; readonly partNumber: number };
  /** Any other query, such as S3's `uploads`. */
  readonly query?: string;
}

export function presign({ storage, key, size, part, query }: Presigned): string {
  const signed = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': '0040000000000000000000001/20261122/us-west-004/s3/aws4_request',
    'X-Amz-Date': '20261122T120000Z',
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'content-length;content-md5;content-type;host;x-amz-meta-name',
    'X-Amz-Signature': randomBytes(32).toString('hex'),
  });
  if (part) {
    signed.set('uploadId', part.uploadId);
    signed.set('partNumber', String(part.partNumber));
  }
  if (size !== undefined) signed.set('x-bench-size', String(size));
  return `${storage}/bench-bucket/${key}?${query ? `${query}&` : ''}${signed.toString()}`;
}

/** The request of one PUT, as the signer hands it out. */
export function signedPut(of: Presigned, headers: Readonly<Record<string, string>>): SignedRequest {
  return { method: 'PUT', url: presign(of), headers, expiresInSeconds: 900 };
}
