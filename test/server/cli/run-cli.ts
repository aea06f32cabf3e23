// Runs the command line as a child process: waits for its first line or its end, and ends only what it started.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../server/cli.ts', import.meta.url));
const LOADER = import.meta.resolve('tsx');

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A fresh working folder and what to call when it is no longer needed. */
export function workingFolder(): { readonly cwd: string; readonly remove: () => void } {
  const cwd = mkdtempSync(join(tmpdir(), 'b2-cli-'));
  return { cwd, remove: () => rmSync(cwd, { recursive: true, force: true }) };
}

/** Runs a command to its end. */
export async function runCli(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = startCli(words, options);
  child.stdin.end();
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode: exitCode as number | null, stdout, stderr };
}

/** Starts a command that goes on; gives its one line of JSON. */
export async function startJson(words: readonly string[], options: RunOptions) {
  const running = await start([...words, '--json'], { ...options, until: /^\{/ });
  return { ...running, json: JSON.parse(running.lines[0] ?? '') as Record<string, string | null> };
}

/** Starts a command that goes on, and waits for a line of its output. */
export async function start(words: readonly string[], { until, ...options }: RunOptions & { until: RegExp }) {
  const child = startCli(words, options);
  const stderr = text(child.stderr).catch(() => '');
  const closed = once(child, 'close');
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (until.test(line)) resolve();
    });
  });
  const early = closed.then(async () => {
    throw new Error(`The command ended early: ${await stderr}`);
  });
  await Promise.race([ready, early]);
  early.catch(() => undefined);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> => {
    child.kill(signal);
    const [exitCode] = await closed;
    return { exitCode: exitCode as number | null, stdout: lines.join('\n'), stderr: await stderr };
  };
  return { child, lines, stop };
}

function startCli(words: readonly string[], { env = {}, cwd }: RunOptions): ChildProcessWithoutNullStreams {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, ['--import', LOADER, CLI, ...words], {
    cwd: cwd ?? tmpdir(),
    env: { PATH, ...env },
  });
}
