// Reads the description that a picture's file carries, from its first bytes.
import { readBytes } from '../bytes.js';
import { readDescription } from '../metadata/description.js';

/** Cameras and editors write it in front of the picture. */
const HEAD_BYTES = 256 * 1024;

/** @returns Undefined when there is none; never throws. */
export async function fileDescription(blob: Blob): Promise<string | undefined> {
  try {
    return readDescription(await readBytes(blob, HEAD_BYTES));
  } catch {
    return undefined;
  }
}
