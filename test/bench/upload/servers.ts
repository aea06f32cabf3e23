// Starts the bench's servers in a process of their own and asks them what came in.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Addresses, ServerReport } from './server/serve.js';

export interface BenchServers extends Addresses {
  /** Starts the count anew. */
  reset(): Promise<void>;
  report(): Promise<ServerReport>;
  stop(): void;
}

/** @param flags - `--check`: compare digests; `--single`: plan no parts; `--line=N`: take N MB a second. */
export async function startServers(flags: readonly string[]): Promise<BenchServers> {
  const script = resolve(import.meta.dirname, 'server/serve.ts');
  const child = fork(script, flags, { execArgv: ['--import', 'tsx'] });
  const exit = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`The bench's servers ended with ${code}.`)));
  });
  // Ended by us, nobody waits for it any more.
  exit.catch(() => undefined);
  const answer = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([once(child, 'message'), exit])) as [T];
    return message;
  };
  const ask = (question: 'reset' | 'report'): Promise<ServerReport> => {
    const answered = answer<ServerReport>();
    child.send(question);
    return answered;
  };
  return {
    ...(await answer<Addresses>()),
    reset: async () => void (await ask('reset')),
    report: () => ask('report'),
    stop: () => child.disconnect(),
  };
}
