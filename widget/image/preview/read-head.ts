// The first bytes of a file, read once for all that look into them.
import { type Bytes, readBytes } from '../bytes.js';

/** Holds the header of nearly every file, and EXIF, which is at most 64 kB of a JPEG and comes first. */
const HEAD_BYTES = 128 * 1024;

export function readHead(blob: Blob): Promise<Bytes> {
  return readBytes(blob, HEAD_BYTES);
}
