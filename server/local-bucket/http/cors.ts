// Cross-origin rules of a bucket: which headers an answer carries, and what a preflight is told.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
import type { IncomingHttpHeaders } from 'node:http';
import type { Bucket } from '../disk/bucket.js';
import type { CorsRule } from '../disk/records.js';
import { S3Error } from '../s3-error.js';
import type { Answer } from './call.js';

type Headers = Readonly<Record<string, string>>;

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

/**
 * Headers for the answer to an actual request; errors get them too. Ceph's gateway leaves them off a 403, and a page then sees
 * an opaque network failure instead of the reason.
 */
export function corsHeaders(
  bucket: Bucket | undefined,
  method: string,
  headers: IncomingHttpHeaders,
): Headers {
  const rules = bucket?.settings.corsRules;
  if (!rules) return {};
  const { origin } = headers;
  const rule = origin === undefined ? undefined : rules.find((each) => allows(each, origin, method));
  // Caches must keep the answers to different origins apart even where one gets no headers.
  return rule && origin !== undefined ? allowance(rule, origin) : { vary: VARY };
}

/** Answers OPTIONS, which browsers send unsigned. */
export function answerPreflight(bucket: Bucket | undefined, headers: IncomingHttpHeaders): Answer {
  const { origin } = headers;
  const method = headers['access-control-request-method'];
  if (origin === undefined)
    throw new S3Error('BadRequest', 'Insufficient information. Origin request header needed.');
  if (method === undefined) throw new S3Error('BadRequest', 'Invalid Access-Control-Request-Method: null');
  const rules = bucket?.settings.corsRules;
  if (!rules) throw new S3Error('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.');

  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const rule = rules.find(
    (each) => allows(each, origin, method) && asked.every((name) => matchesAny(each.allowedHeaders, name)),
  );
  if (!rule)
    throw new S3Error('AccessForbidden', undefined, {
      details: { Method: method, ResourceType: 'BUCKET' },
      headers: { vary: VARY },
    });
  return {
    status: 200,
    headers: {
      ...allowance(rule, origin),
      ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    },
  };
}

function allows(rule: CorsRule, origin: string, method: string): boolean {
  return (
    rule.allowedMethods.includes(method) && rule.allowedOrigins.some((pattern) => matches(pattern, origin))
  );
}

function allowance(rule: CorsRule, origin: string): Headers {
  const isForAll = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(!isForAll && { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposeHeaders.length > 0 && { 'access-control-expose-headers': rule.exposeHeaders.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    vary: VARY,
  };
}

function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), name));
}

/** A pattern holds at most one star, which stands for any text. */
function matches(pattern: string, value: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === value;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}
