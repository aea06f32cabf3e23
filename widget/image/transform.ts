// Blob to Blob: an image within the limits, upright, without metadata. The package's `./image` entry; runs in page and worker.
import type { TransformedImage } from './give-original.js';
import { transformAll } from './transform-all.js';
import type { ImageWishes } from './transform-plan.js';

export { ImageError } from './image-error.js';
export type { TransformedImage } from './give-original.js';
export type { ImageWishes } from './transform-plan.js';

export interface TransformOptions extends ImageWishes {
  readonly signal?: AbortSignal;
}

/**
 * Scales an image down, turns it upright and strips its metadata, as far as asked and useful.
 * Animations keep their size. Unknown formats, images that cannot be decoded or would become larger are handed back as they
 * are, PNG, WebP and JPEG at most without their metadata.
 * @param options - `maxWidth`, `maxHeight` in pixels (no limit), `quality` 0…1 (0.85), `format` (`auto`), `metadata` (`strip`).
 * @throws {ImageError} `metadata-not-removed` when an image's metadata must go and cannot; the signal's reason when aborted.
 */
export async function transformImage(blob: Blob, options: TransformOptions = {}): Promise<TransformedImage> {
  const { signal, ...wishes } = options;
  const { main } = await transformAll(blob, wishes, signal);
  return main;
}
