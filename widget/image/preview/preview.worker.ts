// The thumbnail worker: makes a thumbnail of what it is sent.
import { glanceAt } from './glance.js';
import type { FromPreviewWorker, ToPreviewWorker } from './preview-messages.js';
import { makeThumbnail } from './thumbnail.js';

addEventListener('message', ({ data }: MessageEvent<ToPreviewWorker>) => {
  const { blob, isGlance } = data;
  void (isGlance ? glanceAt(blob) : makeThumbnail(blob)).then((thumbnail) =>
    say({ type: 'done', thumbnail }),
  );
});

say({ type: 'ready' });

function say(message: FromPreviewWorker): void {
  postMessage(message);
}
