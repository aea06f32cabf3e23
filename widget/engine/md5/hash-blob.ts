// Reads a body in chunks and hashes each while the next is being read, so that memory stays flat at any size.
import { drop } from './drop.js';
import { readRange } from './read-range.js';
import type { RunningMd5 } from './running-md5.js';

const CHUNK_BYTES = 1024 * 1024;

/** Takes in one chunk; the worker at once, the page in small steps. */
export type TakeIn = (bytes: Uint8Array) => Promise<void> | void;

/**
 * @param md5 - Used by no other body until this one is done.
 * @param takeIn - Feeds `md5`.
 * @returns Base64 of the MD5 of the body.
 * @throws The read's own error, or the signal's reason; it is looked at between chunks.
 */
export async function hashBlob(
  body: Blob,
  { md5, takeIn = md5.update }: { readonly md5: RunningMd5; readonly takeIn?: TakeIn },
  signal: AbortSignal,
): Promise<string> {
  md5.start();
  let ahead = readChunk(body, 0);
  for (let start = 0; start < body.size; start += CHUNK_BYTES) {
    const bytes = await ahead;
    signal.throwIfAborted();
    ahead = readChunk(body, start + CHUNK_BYTES);
    // Its failure is told when its turn comes; until then nobody listens.
    ahead.catch(() => {});
    await takeIn(bytes);
    drop(bytes.buffer);
  }
  return md5.digest();
}

/**
 * For a body of at most one chunk: `md5` is used in one go, so that many such bodies can share it while they are read.
 * @throws The read's own error.
 */
export async function hashSmallBlob(body: Blob, md5: RunningMd5): Promise<string> {
  return hashBytes(await readChunk(body, 0), md5);
}

/** Their last use: the bytes are given back. */
export function hashBytes(bytes: Uint8Array<ArrayBuffer>, md5: RunningMd5): string {
  md5.start();
  md5.update(bytes);
  drop(bytes.buffer);
  return md5.digest();
}

/**
 * By slices. Streams read into one buffer (BYOB) are faster and keep memory flat, but in a worker of Chromium 156
 * such a read waited for ever at about the 120th stream, one stream for each part.
 */
async function readChunk(body: Blob, start: number): Promise<Uint8Array<ArrayBuffer>> {
  const end = Math.min(start + CHUNK_BYTES, body.size);
  if (start >= end) return new Uint8Array();
  return new Uint8Array(await readRange(body, start, end));
}
