// The one retry table: what an answer of storage or of the signer asks for, and how long to wait. Pure; shared with the widget.

/**
 * What to do after a failed request:
 * `retry` the same request later, `sign-again` get a fresh signature first, `final` give up.
 */
export type Judgement = 'retry' | 'sign-again' | 'final';

/** How long an upload may go without progress before its owner gives it up. */
export const RETRY_BUDGET_MS = 15 * 60_000;

const MIN_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** No server may hold a file back for longer, whatever its `Retry-After` says. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;
const RETRY_AFTER_JITTER = 0.1;

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

export interface RetryDelayOptions {
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** What the answer's `Retry-After` asked for. */
  readonly retryAfterSeconds?: number;
}

/**
 * How long to wait before the next attempt: evenly spread from 500 ms up to `min(30 s, 500 ms · 2^attempt)`, so
 * that many who failed at once do not come back at once. A `Retry-After` is the least wait: it is stretched by
 * up to 10 %, taken when it is longer, and never above 5 minutes.
 * @param attempt - Failures in a row so far, from 1.
 * @returns Milliseconds, whole.
 */
export function retryDelayMs(attempt: number, { random, retryAfterSeconds = 0 }: RetryDelayOptions): number {
  const capMs = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** Math.max(0, attempt));
  const backoffMs = MIN_DELAY_MS + random() * (capMs - MIN_DELAY_MS);
  const askedMs = Math.max(0, retryAfterSeconds) * 1000 * (1 + random() * RETRY_AFTER_JITTER);
  return Math.round(Math.max(backoffMs, Math.min(MAX_RETRY_AFTER_MS, askedMs)));
}
