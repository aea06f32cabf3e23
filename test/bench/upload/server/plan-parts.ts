// How the stub cuts a file into parts: the same rules as the real signer's, in whole MiB.

const MIB = 2 ** 20;
const DEFAULT_PART_BYTES = 16 * MIB;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PART_BYTES = 5 * 2 ** 30;
export const MAX_PARTS = 10_000;
export const THRESHOLD_BYTES = 16 * MIB;

/** @param hintBytes - The client's wish. @returns Bytes of every part but the last. */
export function partBytes(sizeBytes: number, hintBytes = DEFAULT_PART_BYTES): number {
  const least = Math.max(MIN_PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS));
  const wanted = Math.min(MAX_PART_BYTES, Math.max(least, hintBytes));
  return Math.ceil(wanted / MIB) * MIB;
}
