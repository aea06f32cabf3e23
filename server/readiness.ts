// Whether this copy of the service should be given requests, and why not: the answer of `/readyz`.
import type { Context, MiddlewareHandler } from 'hono';
import type { SignerContext } from './context.js';
import { ProblemError } from './problem.js';

/** What a runtime may tell with each request, as its `env`. */
export interface RuntimeEnv {
  /** Aborted when the service is about to end. */
  readonly stopping?: AbortSignal;
}

export type UnreadyReason = 'shutting-down' | 'clock-skew';

/** A restart takes about so long; another copy answers at once. */
const RETRY_AFTER_SECONDS = 3;

/** Answers 200 without reasons, or 503 with them. */
export function answerReadiness(c: Context, { clocks }: Pick<SignerContext, 'clocks'>): Response {
  const reasons: UnreadyReason[] = [];
  if (isStopping(c)) reasons.push('shutting-down');
  if (clocks.areAgainstUs()) reasons.push('clock-skew');
  const isReady = reasons.length === 0;
  return c.json({ status: isReady ? 'ready' : 'unready', reasons }, isReady ? 200 : 503);
}

/** What begins now might be cut off: callers come again, to whoever answers then. */
export const refuseWhileStopping: MiddlewareHandler = async (c, next) => {
  if (!isStopping(c)) return next();
  throw new ProblemError('shutting-down', 'The service is about to end. Try again in a moment.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
};

function isStopping({ env }: { readonly env: unknown }): boolean {
  if (typeof env !== 'object' || env === null || !('stopping' in env)) return false;
  return env.stopping instanceof AbortSignal && env.stopping.aborted;
}
