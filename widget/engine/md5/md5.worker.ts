// The hash worker: reads and hashes the bodies that it is sent, one after the other.
import { hashBlob } from './hash-blob.js';
import { createRunningMd5 } from './running-md5.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const jobs = new Map<number, AbortController>();
const md5 = createRunningMd5();
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'hash') enqueue(data.id, data.body);
  else if (data.type === 'abort') jobs.get(data.id)?.abort();
  else say({ type: 'pong' });
});

say({ type: 'ready' });

function enqueue(id: number, body: Blob): void {
  const controller = new AbortController();
  jobs.set(id, controller);
  last = last.then(() => work(id, body, controller.signal));
}

async function work(id: number, body: Blob, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    say({ type: 'done', id, md5: await hashBlob(body, { md5: await md5 }, signal) });
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
