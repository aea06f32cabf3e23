// Counters in this process's memory: right for one signer on one machine.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance, Limiter } from './limiter.js';

export function createMemoryLimiter(): Limiter {
  const limiters = new Map<string, RateLimiterMemory>();
  const limiterOf = ({ points, seconds }: Allowance) => {
    const size = `${points}/${seconds}`;
    const limiter =
      limiters.get(size) ?? new RateLimiterMemory({ points, duration: seconds, keyPrefix: size });
    limiters.set(size, limiter);
    return limiter;
  };
  const giveBack = async (allowances: readonly Allowance[], points: number) => {
    await Promise.all(allowances.map((each) => limiterOf(each).reward(each.key, points)));
  };
  return {
    giveBack,
    async take(allowances, points) {
      const taken: Allowance[] = [];
      for (const allowance of allowances) {
        taken.push(allowance);
        const waitMs = await consume(limiterOf(allowance), allowance.key, points);
        if (waitMs === undefined) continue;
        // A refused consume has counted too: give everything back.
        await giveBack(taken, points);
        return Math.max(1, Math.ceil(waitMs / 1000));
      }
      return undefined;
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string, points: number): Promise<number | undefined> {
  try {
    await limiter.consume(key, points);
    return undefined;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
    throw refusal;
  }
}
