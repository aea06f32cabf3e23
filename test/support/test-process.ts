// The built program as people start it: `start` in a folder of its own, on any free port, ended by SIGTERM.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const CLI = resolve(import.meta.dirname, '../../dist/server/cli.js');

export interface RunningSigner {
  readonly url: string;
  readonly site: string;
  /** S3 endpoint of the embedded bucket; null on other storage. */
  readonly bucket: string | null;
  /** The working folder; the local bucket is in its `data/`. */
  readonly folder: string;
  /** What it wrote to stderr so far. */
  readonly log: () => string;
  /** Ends it; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does: no word, nothing finished. */
  kill(): Promise<void>;
  /** Lets it stand still for a time, as work that blocks its only thread does. */
  freeze(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the signer and waits for its line. `folder` continues an earlier one's data. */
export async function startProcess(env: NodeJS.ProcessEnv = {}, folder?: string): Promise<RunningSigner> {
  const cwd = folder ?? (await mkdtemp(join(tmpdir(), 'b2-uploader-start-')));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, 'start', '--json'], {
    cwd,
    env: { PATH, HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whatever ends the tests ends their programs too.
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text));
  const first = await Promise.race([line, exited]);
  if (typeof first !== 'string') throw new Error(`start ended with ${first}:\n${log}`);
  const stop = async () => {
    child.kill('SIGTERM');
    return exited;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const freeze = async (durationMs: number) => {
    child.kill('SIGSTOP');
    await wait(durationMs);
    child.kill('SIGCONT');
  };
  const close = async () => {
    await stop();
    if (folder === undefined) await rm(cwd, { recursive: true, force: true });
  };
  return {
    ...(JSON.parse(first) as { url: string; site: string; bucket: string | null }),
    folder: cwd,
    log: () => log,
    stop,
    kill,
    freeze,
    close,
  };
}
