// Bytes of pictures that are done with, for the next ones: a browser takes longer to hand out new memory than to fill it.

/** By length: photos of one camera have one size. */
const spare = new Map<number, Uint8ClampedArray<ArrayBuffer>>();
/** Enough for what a photo scaled to 2048 pixels takes with its planes; a page without workers keeps it. */
const MOST_BYTES = 32 * 2 ** 20;

/** @returns With anything in it. */
export function takeBytes(length: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = spare.get(length);
  spare.delete(length);
  return bytes ?? new Uint8ClampedArray(length);
}

/** Nobody looks at them any more. What came first goes when they become too many. */
export function giveBytes(bytes: Uint8ClampedArray<ArrayBuffer>): void {
  spare.set(bytes.length, bytes);
  let heldBytes = 0;
  for (const length of spare.keys()) heldBytes += length;
  for (const length of spare.keys()) {
    if (heldBytes <= MOST_BYTES) return;
    spare.delete(length);
    heldBytes -= length;
  }
}
