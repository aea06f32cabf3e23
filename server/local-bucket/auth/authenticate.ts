// Lets a request in, or refuses it as S3 does: Signature Version 4 in the query (presigned) or in the Authorization header.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
import { S3Error } from '../s3-error.js';
import { parseHeaderClaim, parseQueryClaim } from './claims.js';
import type { Claim, IncomingCall } from './claims.js';
import { canonicalRequest, createKeyDeriver, isSame, scopeText, sign, stringToSign } from './signature-v4.js';

/** What the signature says about the body. */
export type Payload =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'hash'; readonly sha256: string }
  | { readonly kind: 'chunked'; readonly hasTrailer: boolean; readonly signing?: ChunkSigning };

/** Where the chain of chunk signatures begins. */
export interface ChunkSigning {
  readonly key: Buffer;
  readonly dateTime: string;
  readonly scope: string;
  readonly seedSignature: string;
}

interface AuthenticatorOptions {
  readonly credentials: { readonly keyId: string; readonly applicationKey: string };
  readonly region: string;
  readonly now: () => Date;
}

const MAX_SKEW_MS = 15 * 60_000;

/** Makes the gate for one set of credentials; the gate throws an `S3Error` for everybody who may not pass. */
export function createAuthenticator(options: AuthenticatorOptions): (call: IncomingCall) => Payload {
  const keyOf = createKeyDeriver(options.credentials.applicationKey);

  return function authenticate(call) {
    const claim = findClaim(call, options.region);
    if (!isSame(claim.keyId, options.credentials.keyId)) {
      throw new S3Error('InvalidAccessKeyId', undefined, { details: { AWSAccessKeyId: claim.keyId } });
    }
    checkTime(claim, options.now());
    checkSignedHeaders(call.headers, claim.signedHeaders);

    const canonical = canonicalRequest({ ...call, ...claim });
    const text = stringToSign(claim.dateTime, claim.scope, canonical);
    const key = keyOf(claim.scope);
    if (!isSame(sign(key, text), claim.signature)) {
      throw new S3Error('SignatureDoesNotMatch', undefined, {
        details: {
          AWSAccessKeyId: claim.keyId,
          StringToSign: text,
          SignatureProvided: claim.signature,
          CanonicalRequest: canonical,
        },
      });
    }
    return payloadOf(claim, key);
  };
}

function findClaim(call: IncomingCall, region: string): Claim {
  const { authorization } = call.headers;
  const isPresigned =
    call.query.has('X-Amz-Algorithm') ||
    call.query.has('X-Amz-Signature') ||
    call.query.has('X-Amz-Credential');
  if (authorization !== undefined && isPresigned) {
    throw new S3Error(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    );
  }
  if (call.query.has('X-Amz-Security-Token') || call.headers['x-amz-security-token'] !== undefined)
    throw new S3Error('InvalidToken');
  if (isPresigned) return parseQueryClaim(call, region);
  if (call.query.has('AWSAccessKeyId') || authorization?.startsWith('AWS ')) {
    throw new S3Error(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  }
  if (authorization === undefined) throw new S3Error('AccessDenied');
  return parseHeaderClaim(call, region);
}

function checkTime(claim: Claim, now: Date): void {
  const serverTime = now.toISOString();
  const ageMs = now.getTime() - claim.signedAtMs;
  if (claim.expiresInSeconds === undefined) {
    if (Math.abs(ageMs) <= MAX_SKEW_MS) return;
    const details = {
      RequestTime: claim.dateTime,
      ServerTime: serverTime,
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    };
    throw new S3Error('RequestTimeTooSkewed', undefined, { details });
  }
  if (ageMs < -MAX_SKEW_MS)
    throw new S3Error('AccessDenied', 'Request is not valid yet', { details: { ServerTime: serverTime } });
  if (ageMs <= claim.expiresInSeconds * 1000) return;
  const expires = new Date(claim.signedAtMs + claim.expiresInSeconds * 1000).toISOString();
  const details = {
    'X-Amz-Expires': String(claim.expiresInSeconds),
    Expires: expires,
    ServerTime: serverTime,
  };
  throw new S3Error('AccessDenied', 'Request has expired', { details });
}

/** S3 takes no `x-amz-*` header that nobody signed; others, such as content-type, may come unsigned. */
function checkSignedHeaders(headers: IncomingCall['headers'], signedHeaders: readonly string[]): void {
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (!signedHeaders.includes('host')) unsigned.push('host');
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    details: { HeadersNotSigned: unsigned.join(', ') },
  });
}

function payloadOf(claim: Claim, key: Buffer): Payload {
  const signing = {
    key,
    dateTime: claim.dateTime,
    scope: scopeText(claim.scope),
    seedSignature: claim.signature,
  };
  switch (claim.payloadHash) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', hasTrailer: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunked', hasTrailer: false, signing };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunked', hasTrailer: true, signing };
    default:
      return { kind: 'hash', sha256: claim.payloadHash };
  }
}
