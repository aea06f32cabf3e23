// Tells whether a file that was chosen again is the one that was sent in part, at the cost of reading 256 KiB at most.
import { drop } from '../md5/drop.js';
import type { Hasher } from '../md5/hasher.js';
import { join, readSamples, type SampleSizes } from './samples.js';

const KIB = 1024;
const SAMPLES = { edgeBytes: 64 * KIB, innerBytes: 16 * KIB, innerCount: 8 };
/** A browser opens the file for each piece, which costs more than the bytes: fewer of files that often come together. */
const FEWER = { ...SAMPLES, innerCount: 2 };
const SMALL_BYTES = 256 * KIB;
const LARGE_BYTES = 16 * KIB * KIB;

/**
 * @param file - Or all of its bytes, where it is small enough that everything counts.
 * @returns Base64 of a digest over the size, both ends and some pieces between; over everything when the file is small.
 * It does not find every change: parts are compared again before they are reused.
 * @throws The read's own error when the file cannot be read; the signal's reason when aborted.
 */
export async function fingerprint(
  file: Blob | ArrayBuffer,
  hasher: Hasher,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  // Not by `instanceof`: files of a frame bring buffers of a frame.
  const isRead = !('size' in file);
  const bytes = isRead ? file : await readSamples(file, sizesFor(file));
  const size = isRead ? file.byteLength : file.size;
  const text = join([new TextEncoder().encode(`${size}\n`).slice().buffer, bytes]);
  if (!isRead) drop(bytes);
  // Absent where the page came by plain http.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return hasher.md5(text, signal);
  const digest = await subtle.digest('SHA-256', text);
  drop(text);
  signal.throwIfAborted();
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

function sizesFor({ size }: Blob): SampleSizes {
  return size > SMALL_BYTES && size <= LARGE_BYTES ? FEWER : SAMPLES;
}
