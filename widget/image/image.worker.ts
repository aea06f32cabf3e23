// The image worker: transforms what it is sent, one message per image.
import { ImageError } from './image-error.js';
import { transformAll } from './transform-all.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const jobs = new Map<number, AbortController>();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'abort') jobs.get(data.id)?.abort();
  else void work(data);
});

say({ type: 'ready' });

async function work({ id, blob, wishes }: ToWorker & { readonly type: 'transform' }): Promise<void> {
  const controller = new AbortController();
  jobs.set(id, controller);
  try {
    say({ type: 'done', id, images: await transformAll(blob, wishes, controller.signal) });
  } catch (error) {
    const code = error instanceof ImageError ? error.code : 'image-unreadable';
    say({ type: 'failed', id, code, message: error instanceof Error ? error.message : '' });
  } finally {
    jobs.delete(id);
  }
}

function say(message: FromWorker): void {
  postMessage(message);
}
