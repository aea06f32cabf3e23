// The hash worker: reads and hashes the bodies that it is sent, large ones one after the other.
import { hashBlob, hashBytes, hashSmallBlob } from './hash-blob.js';
import { createRunningMd5 } from './running-md5.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const jobs = new Map<number, AbortController>();
/** Reading many at once takes less time than one after the other, and small ones need not wait for a large one. */
const SMALL_BYTES = 256 * 1024;
const smallMd5 = createRunningMd5();
const largeMd5 = createRunningMd5();
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'hash') enqueue(data.id, data.body);
  else if (data.type === 'abort') jobs.get(data.id)?.abort();
  else say({ type: 'pong' });
});

say({ type: 'ready' });

function enqueue(id: number, body: Blob | ArrayBuffer): void {
  const controller = new AbortController();
  jobs.set(id, controller);
  const { signal } = controller;
  if (!('size' in body)) void answer(id, async () => hashBytes(new Uint8Array(body), await smallMd5));
  else if (body.size <= SMALL_BYTES) void answer(id, async () => hashSmallBlob(body, await smallMd5));
  else last = last.then(() => answer(id, async () => hashLarge(body, signal)));
}

async function hashLarge(body: Blob, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return hashBlob(body, { md5: await largeMd5 }, signal);
}

async function answer(id: number, hash: () => Promise<string>): Promise<void> {
  try {
    say({ type: 'done', id, md5: await hash() });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ type: 'failed', id, name, message });
  } finally {
    jobs.delete(id);
  }
}

function say(message: FromWorker): void {
  postMessage(message);
}
