// Bytes of pictures that are done with, for the next ones: a browser takes longer to hand out new memory than to fill it.

/** By length: photos of one camera have one size. */
const spare = new Map<number, Uint8ClampedArray<ArrayBuffer>>();
const MOST = 4;

/** @returns With anything in it. */
export function takeBytes(length: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = spare.get(length);
  spare.delete(length);
  return bytes ?? new Uint8ClampedArray(length);
}

/** Nobody looks at them any more. */
export function giveBytes(bytes: Uint8ClampedArray<ArrayBuffer>): void {
  spare.set(bytes.length, bytes);
  if (spare.size <= MOST) return;
  const [oldest] = spare.keys();
  if (oldest !== undefined) spare.delete(oldest);
}
