// How long to wait before a failed request is sent again, and when to give up. Pure; apart from the table, which every page loads first.

/** How long an upload may go without progress before its owner gives it up. */
export const RETRY_BUDGET_MS = 15 * 60_000;

const MIN_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** No server may hold a file back for longer, whatever its `Retry-After` says. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;
const RETRY_AFTER_JITTER = 0.1;

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
