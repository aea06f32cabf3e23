// Hashing on the calling thread, where workers are not allowed: in steps so short that the page stays lively.
import { createTurns } from '../next-task.js';
import { hashBlob } from './hash-blob.js';
import { createRunningMd5, type RunningMd5 } from './running-md5.js';

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
  const inTurn = createTurns();
  const takeIn = async (bytes: Uint8Array) => {
    for (let start = 0; start < bytes.length; start += STEP_BYTES) {
      await inTurn();
      signal.throwIfAborted();
      md5.update(bytes.subarray(start, start + STEP_BYTES));
    }
  };
  return hashBlob(body, { md5, takeIn }, signal);
}
