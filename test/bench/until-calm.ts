// Waits until a browser has nothing to do: for seconds after a page opens, Chrome builds parts of its own window on every core.
import { setTimeout as wait } from 'node:timers/promises';
import type { ProtocolPipe } from './protocol-pipe.js';

interface ProcessList {
  /** `cpuTime` in seconds, of all threads. */
  readonly processInfo: readonly { readonly cpuTime: number }[];
}

const LOOK_MS = 200;
const CALM_LOOKS = 3;
/** A tenth of one core. */
const CALM_SECONDS = 0.02;
const PATIENCE_LOOKS = 100;

/** @throws {Error} When it does not come to rest. */
export async function untilCalm(browser: ProtocolPipe): Promise<void> {
  let calmLooks = 0;
  let before = await usedSeconds(browser);
  for (let look = 0; look < PATIENCE_LOOKS; look += 1) {
    await wait(LOOK_MS);
    const now = await usedSeconds(browser);
    calmLooks = now - before <= CALM_SECONDS ? calmLooks + 1 : 0;
    if (calmLooks === CALM_LOOKS) return;
    before = now;
  }
  throw new Error('The browser does not come to rest.');
}

async function usedSeconds(browser: ProtocolPipe): Promise<number> {
  const { processInfo } = await browser.send<ProcessList>('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
