// Starts `serve.ts` and talks with it.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cleaner } from './open-bucket.js';

export interface ChildServer {
  readonly endpoint: string;
  /** Highest resident memory so far. */
  peakBytes(): Promise<number>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

export async function startChildServer(context: Cleaner, dir: string): Promise<ChildServer> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [dir], {
    execArgv: ['--import', 'tsx'],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  context.after(kill);
  return {
    endpoint: String(await nextMessage(child, 'endpoint')),
    kill,
    peakBytes: () => {
      const answer = nextMessage(child, 'peakBytes');
      child.send('memory');
      return answer.then(Number);
    },
  };
}

async function nextMessage(child: ChildProcess, name: string): Promise<unknown> {
  const [message]: unknown[] = await once(child, 'message');
  const fields =
    typeof message === 'object' && message !== null ? new Map(Object.entries(message)) : undefined;
  return fields?.get(name);
}
