// The one retry table: what an answer of storage or of the signer asks for. Pure; shared with the widget.

/**
 * What to do after a failed request:
 * `retry` the same request later, `sign-again` get a fresh signature first, `final` give up.
 */
export type Judgement = 'retry' | 'sign-again' | 'final';

/** Passing trouble that storage may report under a status of 400, or even of 200 when it completes parts. */
const PASSING_CODES = new Set(['RequestTimeout', 'SlowDown', 'BadDigest', 'InternalError']);
const PASSING_STATUSES = new Set([0, 408, 425, 429]);
/** Not implemented; and no room left, which no client can wait for. */
const LASTING_FAILURES = new Set([501, 507]);

/**
 * Judges an answer.
 * @param status - HTTP status; 0 when there was no answer at all.
 * @param s3Code - `<Code>` of storage's error body, where one was read.
 */
export function judgeAnswer(status: number, s3Code?: string): Judgement {
  // The signature's clock was wrong, which a new signature may put right; waiting never does.
  if (s3Code === 'RequestTimeTooSkewed') return 'sign-again';
  if (s3Code !== undefined && PASSING_CODES.has(s3Code)) return 'retry';
  if (status === 403) return 'sign-again';
  if (PASSING_STATUSES.has(status)) return 'retry';
  return status >= 500 && !LASTING_FAILURES.has(status) ? 'retry' : 'final';
}

/**
 * Reads a `Retry-After` header. A date says nothing where clocks are set wrong, so only seconds count.
 * @returns Undefined when the header is absent or asks for no wait.
 */
export function readRetryAfter(header: string | null | undefined): number | undefined {
  const seconds = Number(header ?? NaN);
  return seconds > 0 ? seconds : undefined;
}
