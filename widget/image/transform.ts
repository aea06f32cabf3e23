// Blob to Blob: an image within the limits, upright, without metadata. The package's `./image` entry; runs in page and worker.
import { decodeBitmap } from './decode-bitmap.js';
import { drawScaled, type Ground, paintWhiteBehind, releaseCanvas } from './draw.js';
import { giveOriginal, readFacts, type TransformedImage } from './give-original.js';
import { fitSize } from './resize-plan.js';
import type { ImageFacts } from './image-facts.js';
import {
  type ImageWishes,
  needsMatte,
  planAnew,
  planTransform,
  type TransformPlan,
} from './transform-plan.js';

export { ImageError } from './image-error.js';
export type { TransformedImage } from './give-original.js';
export type { ImageWishes } from './transform-plan.js';

export interface TransformOptions extends ImageWishes {
  readonly signal?: AbortSignal;
}

interface Job {
  readonly blob: Blob;
  readonly facts: ImageFacts;
  readonly plan: TransformPlan;
  readonly options: TransformOptions;
}

const DEFAULT_QUALITY = 0.85;
/** Quality is lowered by this much when an image that must be re-encoded came out larger than it was. */
const QUALITY_STEPS = [0, 0.15, 0.3];

/**
 * Scales an image down, turns it upright and strips its metadata, as far as asked and useful.
 * Animations keep their size. Unknown formats, images that cannot be decoded or would become larger are handed back as they
 * are, PNG, WebP and JPEG at most without their metadata.
 * @param options - `maxWidth`, `maxHeight` in pixels (no limit), `quality` 0…1 (0.85), `format` (`auto`), `metadata` (`strip`).
 * @throws {ImageError} `metadata-not-removed` when an image's metadata must go and cannot; the signal's reason when aborted.
 */
export async function transformImage(blob: Blob, options: TransformOptions = {}): Promise<TransformedImage> {
  const facts = await readFacts(blob, options);
  options.signal?.throwIfAborted();
  const plan = planTransform(facts, options);
  if (!facts) return giveOriginal(blob, plan);
  if (plan.types.length > 0) return encode({ blob, facts, plan, options });
  return giveOriginal(blob, plan).catch((error: unknown) => {
    const anew = planAnew(facts, plan);
    if (!anew) throw error;
    return encode({ blob, facts, plan: anew, options });
  });
}

/**
 * What becomes of an image that is not to be decoded, because that failed or took too long.
 * @throws {ImageError} `metadata-not-removed` when the original must not be sent.
 */
export async function keepImage(blob: Blob, options: ImageWishes): Promise<TransformedImage> {
  return giveOriginal(blob, planTransform(await readFacts(blob, options), options));
}

async function encode(job: Job): Promise<TransformedImage> {
  const { blob, plan, options } = job;
  let cause: unknown;
  try {
    const encoded = await tryEncode(job);
    if (encoded) return encoded;
  } catch (error) {
    options.signal?.throwIfAborted();
    cause = error;
  }
  return giveOriginal(blob, plan, cause);
}

/** @returns Undefined when no result is better than the original. */
async function tryEncode(job: Job): Promise<TransformedImage | undefined> {
  const { blob, facts, plan, options } = job;
  const bitmap = await decodeBitmap(blob, facts, options.signal);
  let canvas: OffscreenCanvas | undefined;
  try {
    options.signal?.throwIfAborted();
    canvas = drawScaled(bitmap, fitSize(bitmap, options), chooseGround(facts, plan));
    const { width, height } = canvas;
    let larger: Blob | undefined;
    for (const type of plan.types) {
      const isMatte = needsMatte(type, facts);
      // A picture that lost its transparency is worth less than a larger one.
      if (isMatte && larger) break;
      if (isMatte) paintWhiteBehind(canvas);
      const made = await encodeCanvas(canvas, type, job);
      options.signal?.throwIfAborted();
      if (made && made.size <= blob.size) return { blob: made, width, height, type, changed: true };
      larger = made ?? larger;
    }
    // Privacy before size: without its metadata even if larger.
    if (!plan.isRequired || !larger) return undefined;
    return { blob: larger, width, height, type: larger.type, changed: true };
  } finally {
    bitmap.close();
    if (canvas) releaseCanvas(canvas);
  }
}

function chooseGround(facts: ImageFacts, { types }: TransformPlan): Ground {
  if (needsMatte(types[0], facts)) return 'white';
  return facts.hasAlpha ? 'transparent' : 'none';
}

/** @returns Undefined when the browser does not encode the type. */
async function encodeCanvas(
  canvas: OffscreenCanvas,
  type: string,
  { blob, facts, plan, options }: Job,
): Promise<Blob | undefined> {
  const { quality = DEFAULT_QUALITY } = options;
  // Newer formats are smaller than JPEG by nature; that is no reason to make their picture worse.
  const mayTryLower = plan.isRequired && facts.kind === 'jpeg' && type === plan.types.at(-1);
  let smallest: Blob | undefined;
  for (const step of mayTryLower ? QUALITY_STEPS : [0]) {
    const made = await canvas.convertToBlob({ type, quality: Math.max(0.1, quality - step) });
    // A browser that cannot encode the type answers with PNG.
    if (made.type !== type || made.size === 0) return undefined;
    if (made.size <= blob.size) return made;
    smallest = made;
  }
  return smallest;
}
