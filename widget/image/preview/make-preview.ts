// Makes one picture in the way that is asked for. Runs in worker and page.
import { glanceAt } from './glance.js';
import type { Preview, PreviewWay } from './preview-messages.js';
import { readHead } from './read-head.js';
import { makeHeicThumbnail, makeThumbnail } from './thumbnail.js';

/** @returns Undefined when none can be made. */
export async function makePreview(blob: Blob, way: PreviewWay): Promise<Preview | undefined> {
  const head = way === 'heic' ? undefined : readHead(blob);
  const early = way === 'first' ? await glanceAt(blob, head) : undefined;
  if (early) return { picture: early, isEarly: true };
  const picture = await (head ? makeThumbnail(blob, head) : makeHeicThumbnail(blob));
  return picture && { picture, isEarly: false };
}
