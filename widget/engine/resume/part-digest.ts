// What is remembered of a sent part, so that it is reused only for the same bytes.
import type { Hasher } from '../md5/hasher.js';
import { readSamples } from './samples.js';

const KIB = 1024;
const SAMPLES = { edgeBytes: 64 * KIB, innerBytes: 64 * KIB, innerCount: 1 };

export interface PartDigestOptions {
  /** All bytes, as Content-MD5 has them; otherwise first, middle and last 64 KiB. */
  readonly isWhole: boolean;
  readonly hasher: Hasher;
  readonly signal: AbortSignal;
}

/**
 * Base64 of an MD5.
 * @throws The read's own error when the part cannot be read; the signal's reason when aborted.
 */
export async function digestPart(
  part: Blob,
  { isWhole, hasher, signal }: PartDigestOptions,
): Promise<string> {
  return hasher.md5(isWhole ? part : await readSamples(part, SAMPLES), signal);
}
