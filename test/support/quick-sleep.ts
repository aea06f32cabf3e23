// Waits of the signer, a tenth as long; its deadline never comes.
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds; no look at storage waits as long as a deadline. */
const DEADLINE = 20_000;

export async function quickSleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < DEADLINE) return wait(ms / 10);
  return untilAborted(signal);
}

/** Resolves when a signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
