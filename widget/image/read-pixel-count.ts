// How much memory an image will take, told from its first bytes.
import { readBytes } from './bytes.js';
import { sniffImage } from './sniff.js';

const HEAD_BYTES = 64 * 1024;
/** A photo of a phone, when the header is longer than that. */
const USUAL_PIXELS = 12_000_000;

/** @returns Pixels; 0 for what is no image that we know. */
export async function readPixelCount(blob: Blob): Promise<number> {
  try {
    const facts = sniffImage(await readBytes(blob, HEAD_BYTES));
    return facts ? (facts.width ?? USUAL_PIXELS) * (facts.height ?? 1) : 0;
  } catch {
    return 0;
  }
}
