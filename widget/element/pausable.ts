// Which files are worth a pause: large ones under way, and those that wait.
import type { FileSnapshot } from '../engine/snapshot.js';

// A smaller one is sent before a finger is on the button.
const WORTH_PAUSING_BYTES = 1_000_000;

export function canPause({ status, size }: FileSnapshot): boolean {
  if (status === 'waiting') return true;
  return size > WORTH_PAUSING_BYTES && (status === 'signing' || status === 'uploading');
}

export function canResume({ status }: FileSnapshot): boolean {
  return status === 'paused';
}

/** What is under way is large enough, all together, to make a pause worthwhile. */
export function canPauseAll(files: readonly FileSnapshot[]): boolean {
  let bytes = 0;
  for (const { status, size } of files) {
    if (status === 'waiting') return true;
    if (status === 'queued' || status === 'preparing' || status === 'signing' || status === 'uploading')
      bytes += size;
  }
  return bytes > WORTH_PAUSING_BYTES;
}
