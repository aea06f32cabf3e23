// Makes one picture in the way that is asked for. Runs in worker and page.
import { glanceAt } from './glance.js';
import type { PreviewWay } from './preview-messages.js';
import { makeHeicThumbnail, makeThumbnail } from './thumbnail.js';

/** @returns Undefined when none can be made. */
export function makePreview(blob: Blob, way: PreviewWay): Promise<Blob | undefined> {
  switch (way) {
    case 'glance':
      return glanceAt(blob);
    case 'decode':
      return makeThumbnail(blob);
    case 'heic':
      return makeHeicThumbnail(blob);
    default:
      return way satisfies never;
  }
}
