// Hashing on the calling thread, where workers are not allowed: in steps so short that the page stays lively.
import { nextTask } from '../next-task.js';
import { hashBlob } from './hash-blob.js';
import { createRunningMd5, type RunningMd5 } from './running-md5.js';

/** A frame of 16 ms has room for this beside the page's own work. */
const SLICE_MS = 8;
/** Looked at the clock this often: 64 KiB take a slow phone 3 ms. */
const STEP_BYTES = 64 * 1024;

/** Hashes one body after the other, in the order of the calls. */
export function createGentleHash(): (body: Blob, signal: AbortSignal) => Promise<string> {
  const md5 = createRunningMd5();
  let last: Promise<unknown> = md5;
  return (body, signal) => {
    const turn = last.then(async () => {
      signal.throwIfAborted();
      return hashOne(body, await md5, signal);
    });
    last = turn.catch(() => {});
    return turn;
  };
}

function hashOne(body: Blob, md5: RunningMd5, signal: AbortSignal): Promise<string> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  const takeIn = async (bytes: Uint8Array) => {
    for (let start = 0; start < bytes.length; start += STEP_BYTES) {
      if (performance.now() >= sliceEndsAt) {
        await nextTask();
        signal.throwIfAborted();
        sliceEndsAt = performance.now() + SLICE_MS;
      }
      md5.update(bytes.subarray(start, start + STEP_BYTES));
    }
  };
  return hashBlob(body, { md5, takeIn }, signal);
}
