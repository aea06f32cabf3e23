// Blob to bitmap, upright: by the browser, and HEIC by a library where the browser cannot.
import { decodeHeic } from './heic/decode-heic.js';
import type { ImageFacts } from './image-facts.js';

/** @throws When neither can; the signal's reason when aborted. */
export async function decodeBitmap(
  blob: Blob,
  { kind }: ImageFacts,
  signal?: AbortSignal,
): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { imageOrientation: 'from-image' });
  } catch (error) {
    if (kind !== 'heic') throw error;
    const { data, width, height } = await decodeHeic(blob, signal);
    return createImageBitmap(new ImageData(data, width, height));
  }
}
