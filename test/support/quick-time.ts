// Time that runs faster than the clock on the wall: half a minute of waiting passes in half a second.
import { setTimeout as wait } from 'node:timers/promises';
import type { MonotonicNow, Sleep } from '../../widget/engine/ports.js';

export interface QuickTime {
  readonly now: MonotonicNow;
  readonly sleep: Sleep;
}

/** @param factor - Quick milliseconds in each true one. What is sent meanwhile is as fast as ever. */
export function createQuickTime(factor = 50): QuickTime {
  return {
    now: () => performance.now() * factor,
    async sleep(delayMs, signal) {
      try {
        await wait(delayMs / factor, undefined, { signal });
      } catch (error) {
        // Node wraps the reason; whoever sleeps is promised the reason itself.
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}
