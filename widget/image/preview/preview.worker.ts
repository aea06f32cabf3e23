// The thumbnail worker: makes what it is sent for, one after the other; the next message is there before the last is done.
import { makePreview } from './make-preview.js';
import type { FromPreviewWorker, ToPreviewWorker } from './preview-messages.js';

let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToPreviewWorker>) => {
  last = work(data, last);
});

say({ type: 'ready' });

async function work({ id, blob, way }: ToPreviewWorker, earlier: Promise<void>): Promise<void> {
  await earlier;
  say({ type: 'done', id, preview: await makePreview(blob, way) });
}

function say(message: FromPreviewWorker): void {
  postMessage(message);
}
