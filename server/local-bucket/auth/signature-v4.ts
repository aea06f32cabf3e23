// Signature Version 4: canonical request, string to sign, signing key. Each function is a step of the specification.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** `20260131/us-east-1/s3/aws4_request`, taken apart. */
export interface Scope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export function canonicalRequest(request: SignedRequest): string {
  const headers = request.signedHeaders.map(
    (name) =>
      `${name}:${canonicalValue(Object.hasOwn(request.headers, name) ? request.headers[name] : undefined)}\n`,
  );
  const path = encodeUri(request.path).replaceAll('%2F', '/');
  const signedHeaders = request.signedHeaders.join(';');
  return [
    request.method,
    path,
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders,
    request.payloadHash,
  ].join('\n');
}

export function stringToSign(dateTime: string, scope: Scope, canonical: string): string {
  // Node hands out header bytes as Latin-1; so they are hashed as the client signed them.
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  return `${ALGORITHM}\n${dateTime}\n${scopeText(scope)}\n${hash}`;
}

export function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** Derives the key of one day and remembers the latest: five HMACs less for each request. */
export function createKeyDeriver(secret: string): (scope: Scope) => Buffer {
  let latest: { readonly scope: string; readonly key: Buffer } | undefined;
  return (scope) => {
    const text = scopeText(scope);
    if (latest?.scope !== text) {
      const dateKey = hmac(`AWS4${secret}`, scope.date);
      const key = hmac(hmac(hmac(dateKey, scope.region), scope.service), 'aws4_request');
      latest = { scope: text, key };
    }
    return latest.key;
  };
}

export function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function canonicalQuery(query: ReadonlyMap<string, string>): string {
  const pairs = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`);
  return pairs.sort().join('&');
}

function canonicalValue(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value ?? []).join(',');
  return text.includes('  ') ? text.trim().replaceAll(/ +/g, ' ') : text.trim();
}

function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
