// A cap on the tickets that one address may have looked at: each costs a question to storage.
import type { Caller } from '../context.js';
import { ProblemError } from '../problem.js';
import type { Limiter } from './limiter.js';

/**
 * Far above what honest pages need, whole offices behind one address included: a file of 10 000 parts takes some 2 000
 * calls of one ticket, spread over the minutes that its parts travel; 10 000 small files take one ticket each.
 */
const PER_MINUTE_AND_ADDRESS = 12_000;
const MINUTE = 60;

/** @throws {ProblemError} `rate-limited`; then nothing was counted. Callers whose address is not known are not counted. */
export async function limitTickets(limiter: Limiter, { address }: Caller, count: number): Promise<void> {
  if (address === undefined) return;
  const allowance = { key: `tickets ${address}`, points: PER_MINUTE_AND_ADDRESS, seconds: MINUTE };
  const retryAfterSeconds = await limiter.take([allowance], count);
  if (retryAfterSeconds === undefined) return;
  throw new ProblemError('rate-limited', 'Too many uploads were asked for. Wait and try again.', {
    retryAfterSeconds,
  });
}
