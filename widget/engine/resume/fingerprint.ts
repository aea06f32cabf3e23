// Tells whether a file that was chosen again is the one that was sent in part, at the cost of reading 256 KiB.
import type { Hasher } from '../md5/hasher.js';
import { samplesOf } from './samples.js';

const KIB = 1024;
const SAMPLES = { edgeBytes: 64 * KIB, innerBytes: 16 * KIB, innerCount: 8 };

/**
 * Base64 of a digest over the size, both ends and eight pieces between; over everything when the file is small.
 * It does not find every change: parts are compared again before they are reused.
 * @throws The read's own error when the file cannot be read; the signal's reason when aborted.
 */
export async function fingerprint(file: Blob, hasher: Hasher, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const text = new Blob([`${file.size}\n`, samplesOf(file, SAMPLES)]);
  // Absent where the page came by plain http.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return hasher.md5(text, signal);
  const digest = await subtle.digest('SHA-256', await text.arrayBuffer());
  signal.throwIfAborted();
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
