// Reads what a request claims about its signature, from the query or from the Authorization header; believes nothing yet.
import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../s3-error.js';
import { ALGORITHM } from './signature-v4.js';
import type { Scope } from './signature-v4.js';

export interface IncomingCall {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
}

export interface Claim {
  readonly keyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `yyyyMMddTHHmmssZ`. */
  readonly dateTime: string;
  readonly signedAtMs: number;
  readonly payloadHash: string;
  /** Only in presigned URLs. */
  readonly expiresInSeconds?: number;
}

const MAX_EXPIRES_SECONDS = 604_800;
const PAYLOAD_HASH =
  /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-HMAC-SHA256-PAYLOAD(?:-TRAILER)?)$/;

export function parseQueryClaim(call: IncomingCall, region: string): Claim {
  const { query } = call;
  const code = 'AuthorizationQueryParametersError';
  const credential = query.get('X-Amz-Credential');
  const dateTime = query.get('X-Amz-Date');
  const expires = query.get('X-Amz-Expires');
  const signedHeaders = query.get('X-Amz-SignedHeaders');
  const signature = query.get('X-Amz-Signature');
  if (!credential || !dateTime || !expires || !signedHeaders || !signature) throw new S3Error(code);
  if (query.get('X-Amz-Algorithm') !== ALGORITHM)
    throw new S3Error(code, `X-Amz-Algorithm only supports "${ALGORITHM}"`);

  const signedAtMs = parseDateTime(dateTime);
  if (signedAtMs === undefined)
    throw new S3Error(code, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  const payloadHash =
    query.get('X-Amz-Content-Sha256') ?? headerText(call, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return {
    ...parseCredential(credential, { dateTime, region, code }),
    signedHeaders: signedHeaders.split(';'),
    signature,
    dateTime,
    signedAtMs,
    payloadHash: checkPayloadHash(payloadHash),
    expiresInSeconds: parseExpires(expires),
  };
}

export function parseHeaderClaim(call: IncomingCall, region: string): Claim {
  const code = 'AuthorizationHeaderMalformed';
  const authorization = call.headers.authorization ?? '';
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== ALGORITHM) throw new S3Error('InvalidArgument', 'Unsupported Authorization Type');

  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => [field.split('=')[0], field.slice(field.indexOf('=') + 1)]),
  );
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature) {
    throw new S3Error(
      code,
      'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
    );
  }

  const { dateTime, signedAtMs } = dateOf(call);
  const payloadHash = headerText(call, 'x-amz-content-sha256');
  if (payloadHash === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return {
    ...parseCredential(credential, { dateTime, region, code }),
    signedHeaders: signedHeaders.split(';'),
    signature,
    dateTime,
    signedAtMs,
    payloadHash: checkPayloadHash(payloadHash),
  };
}

interface CredentialContext {
  readonly dateTime: string;
  readonly region: string;
  readonly code: 'AuthorizationQueryParametersError' | 'AuthorizationHeaderMalformed';
}

function parseCredential(
  credential: string,
  { dateTime, region, code }: CredentialContext,
): { readonly keyId: string; readonly scope: Scope } {
  const fields = credential.split('/');
  // A key id may hold slashes: the scope is what stands at the end.
  const [date, givenRegion, service, terminator] = fields.slice(-4);
  const keyId = fields.slice(0, -4).join('/');
  const fail = (message: string) =>
    new S3Error(code, `Error parsing the Credential; ${message}`, { details: { Region: region } });
  if (!keyId || !date || !givenRegion || !service)
    throw fail('it is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
  if (service !== 's3') throw fail(`incorrect service "${service}". This endpoint belongs to "s3".`);
  if (terminator !== 'aws4_request')
    throw fail(`incorrect terminal "${terminator}". This endpoint uses "aws4_request".`);
  if (givenRegion !== region) throw fail(`the region '${givenRegion}' is wrong; expecting '${region}'`);
  if (date !== dateTime.slice(0, 8))
    throw fail(`incorrect date "${date}". This must be the date of the request.`);
  return { keyId, scope: { date, region: givenRegion, service } };
}

function parseExpires(expires: string): number {
  const code = 'AuthorizationQueryParametersError';
  if (/^-\d+$/.test(expires)) throw new S3Error(code, 'X-Amz-Expires must be non-negative');
  if (!/^\d{1,12}$/.test(expires)) throw new S3Error(code, 'X-Amz-Expires should be a number');
  const seconds = Number(expires);
  if (seconds < 1) throw new S3Error(code, 'X-Amz-Expires must be at least one second');
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw new S3Error(
      code,
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  return seconds;
}

/** The time of a header-signed request: x-amz-date, or Date. */
function dateOf(call: IncomingCall): { readonly dateTime: string; readonly signedAtMs: number } {
  const amzDate = headerText(call, 'x-amz-date');
  const signedAtMs = amzDate === undefined ? Date.parse(call.headers.date ?? '') : parseDateTime(amzDate);
  if (signedAtMs === undefined || Number.isNaN(signedAtMs)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  return { dateTime: new Date(signedAtMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''), signedAtMs };
}

function parseDateTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hours, minutes, seconds] = match;
  const instant = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

function checkPayloadHash(payloadHash: string): string {
  if (PAYLOAD_HASH.test(payloadHash)) return payloadHash;
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
  );
}

function headerText(call: IncomingCall, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === 'string' ? value : undefined;
}
