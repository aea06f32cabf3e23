// The first bytes of a file, read once for all that look into them.
import type { Bytes } from '../bytes.js';

/** Holds the header of nearly every file, and EXIF, which is at most 64 kB of a JPEG and comes first. */
const HEAD_BYTES = 128 * 1024;

export async function readHead(blob: Blob, count = HEAD_BYTES): Promise<Bytes> {
  return new Uint8Array(await blob.slice(0, count).arrayBuffer());
}
