// How much memory an image will take, told from its first bytes.
import { sniffImage } from './sniff.js';

const HEAD_BYTES = 64 * 1024;
/** A photo of a phone, when the header is longer than that. */
const USUAL_PIXELS = 12_000_000;

/** @returns Pixels; 0 for what is no image that we know. */
export async function readPixelCount(blob: Blob): Promise<number> {
  try {
    const facts = sniffImage(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
    return facts ? (facts.width ?? USUAL_PIXELS) * (facts.height ?? 1) : 0;
  } catch {
    return 0;
  }
}
