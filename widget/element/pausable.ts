// Which files are worth a pause: large ones under way, and those that wait.
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Row } from './upload-rows.js';

// A smaller one is sent before a finger is on the button.
const WORTH_PAUSING_BYTES = 1_000_000;

const AT_REST: ReadonlySet<FileSnapshot['status']> = new Set(['completing', 'complete', 'failed', 'paused']);

/** From its turn in the queue on, so that the button stays under the finger that resumed the file. */
export function canPause({ status, size }: FileSnapshot, isHeld: boolean): boolean {
  if (status === 'waiting') return true;
  if (size <= WORTH_PAUSING_BYTES || AT_REST.has(status)) return false;
  return status !== 'queued' || !isHeld;
}

export function canResume({ status }: FileSnapshot): boolean {
  return status === 'paused';
}

/** What is under way is large enough, all together, to make a pause worthwhile. */
export function canPauseAll(rows: readonly Row[]): boolean {
  let bytes = 0;
  for (const { file } of rows) {
    if (file && !AT_REST.has(file.status)) bytes += file.size;
    if (file?.status === 'waiting' || bytes > WORTH_PAUSING_BYTES) return true;
  }
  return false;
}
