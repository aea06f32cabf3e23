// Chrome's debugging protocol over a pipe, with nothing switched on that the bench does not ask for.
// Test drivers watch every request, which takes 3 ms of each small upload and so hides what is measured.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChrome } from '../support/ensure-browser.mjs';

export interface ProtocolEvent {
  readonly method: string;
  readonly params: unknown;
  readonly sessionId?: string;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface ProtocolPipe {
  /** @throws {Error} With the browser's message. */
  send<T>(method: string, params?: object, sessionId?: string): Promise<T>;
  /** @returns Ends the subscription. */
  listen(listener: (event: ProtocolEvent) => void): () => void;
  close(): Promise<void>;
}

const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--password-store=basic',
  '--use-mock-keychain',
];

/** Launches the browser that the tests found. */
export async function launchBrowser(): Promise<ProtocolPipe> {
  const chrome = findChrome();
  if (chrome === undefined) throw new Error('No Chrome found: node test/support/ensure-browser.mjs helps.');
  const profile = await mkdtemp(join(tmpdir(), 'b2-uploader-bench-profile-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(chrome, [...FLAGS, ...sandbox, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const [, , , input, output] = child.stdio;
  if (!input || !output || !('write' in input)) throw new Error('The browser opened no pipe.');
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (reason: Error) => void }>();
  const listeners = new Set<(event: ProtocolEvent) => void>();
  let lastId = 0;
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser ended.'));
  });
  onMessage(output, (message) => {
    if ('id' in message) {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.error) reject?.(new Error(message.error.message));
      else resolve?.(message.result);
    } else for (const listener of listeners) listener(message);
  });
  return {
    send: <T>(method: string, params: object = {}, sessionId?: string) =>
      new Promise<T>((resolve, reject) => {
        const id = (lastId += 1);
        waiting.set(id, { resolve: (result) => resolve(result as T), reject });
        input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      input.write(`${JSON.stringify({ id: (lastId += 1), method: 'Browser.close' })}\0`);
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Messages end with a zero byte. */
function onMessage(stream: NodeJS.EventEmitter, take: (message: Answer | ProtocolEvent) => void): void {
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      take(JSON.parse(rest.subarray(0, end).toString()) as Answer | ProtocolEvent);
      rest = rest.subarray(end + 1);
    }
  });
}
