// Blob to Blob: an image within the limits, upright, without metadata. The package's `./image` entry; runs in page and worker.
import { ImageError } from './image-error.js';
import { drawScaled, type Ground, releaseCanvas } from './draw.js';
import { fitSize } from './resize-plan.js';
import { type ImageFacts, sniffImage } from './sniff.js';
import { type ImageWishes, needsMatte, planTransform, type TransformPlan } from './transform-plan.js';

export { ImageError } from './image-error.js';
export type { ImageWishes } from './transform-plan.js';

export interface TransformOptions extends ImageWishes {
  readonly signal?: AbortSignal;
}

export interface TransformedImage {
  /** The original blob when nothing was changed. */
  readonly blob: Blob;
  /** Pixels as shown; null when unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** MIME type. */
  readonly type: string;
  readonly changed: boolean;
}

type EncodePlan = TransformPlan & { readonly action: 'encode' };

interface Job {
  readonly blob: Blob;
  readonly facts: ImageFacts;
  readonly plan: EncodePlan;
  readonly options: TransformOptions;
}

/** Holds the header of nearly every file; a JPEG may carry megabytes of metadata before its size. */
const HEAD_BYTES = 256 * 1024;
const LONG_HEAD_BYTES = 16 * 1024 * 1024;
const DEFAULT_QUALITY = 0.85;
/** Quality is lowered by this much when an image that must be re-encoded came out larger than it was. */
const QUALITY_STEPS = [0, 0.15, 0.3];

/**
 * Scales an image down, turns it upright and strips its metadata, as far as asked and useful.
 * Animations, unknown formats, images that cannot be decoded or would become larger are handed back as they are.
 * @param options - `maxWidth`, `maxHeight` in pixels (no limit), `quality` 0…1 (0.85), `format` (`auto`), `metadata` (`strip`).
 * @throws {ImageError} `metadata-not-removed` when a JPEG's metadata must go and cannot; the signal's reason when aborted.
 */
export async function transformImage(blob: Blob, options: TransformOptions = {}): Promise<TransformedImage> {
  const facts = await readFacts(blob);
  options.signal?.throwIfAborted();
  const plan = planTransform(facts, options);
  if (plan.action === 'encode' && facts) return encode({ blob, facts, plan, options });
  return keep(blob, plan);
}

/**
 * What becomes of an image that is not to be decoded, because that failed or took too long.
 * @throws {ImageError} `metadata-not-removed` when the original must not be sent.
 */
export async function keepImage(blob: Blob, options: ImageWishes): Promise<TransformedImage> {
  return keep(blob, planTransform(await readFacts(blob), options));
}

function keep(blob: Blob, plan: TransformPlan, cause?: unknown): TransformedImage {
  if (plan.action === 'refuse' || (plan.action === 'encode' && plan.isRequired)) {
    throw new ImageError('metadata-not-removed', 'The metadata of the image could not be removed.', cause);
  }
  const { width = null, height = null } = plan.size ?? {};
  return { blob, width, height, type: blob.type, changed: false };
}

async function readFacts(blob: Blob): Promise<ImageFacts | undefined> {
  try {
    const facts = sniffImage(await readHead(blob, HEAD_BYTES));
    const isCutOff = facts?.kind === 'jpeg' && facts.width === null && blob.size > HEAD_BYTES;
    return isCutOff ? sniffImage(await readHead(blob, LONG_HEAD_BYTES)) : facts;
  } catch {
    // A file that cannot be read cannot be sent either; whoever sends it will say so.
    return undefined;
  }
}

async function readHead(blob: Blob, bytes: number): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(0, bytes).arrayBuffer());
}

async function encode(job: Job): Promise<TransformedImage> {
  const { blob, plan, options } = job;
  try {
    return (await tryEncode(job)) ?? keep(blob, plan);
  } catch (error) {
    options.signal?.throwIfAborted();
    return error instanceof ImageError ? Promise.reject(error) : keep(blob, plan, error);
  }
}

/** @returns Undefined when no result is better than the original. */
async function tryEncode({ blob, facts, plan, options }: Job): Promise<TransformedImage | undefined> {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  let canvas: OffscreenCanvas | undefined;
  try {
    options.signal?.throwIfAborted();
    canvas = drawScaled(bitmap, fitSize(bitmap, options), chooseGround(facts, plan));
    const { width, height } = canvas;
    for (const type of plan.types) {
      const result = await encodeCanvas({
        canvas,
        type,
        plan,
        quality: options.quality,
        maxBytes: blob.size,
      });
      options.signal?.throwIfAborted();
      if (result) return { blob: result, width, height, type, changed: true };
    }
    return undefined;
  } finally {
    bitmap.close();
    if (canvas) releaseCanvas(canvas);
  }
}

function chooseGround(facts: ImageFacts, { types }: EncodePlan): Ground {
  if (needsMatte(types[0], facts)) return 'white';
  return facts.hasAlpha ? 'transparent' : 'none';
}

interface Encoding {
  readonly canvas: OffscreenCanvas;
  readonly type: string;
  readonly plan: EncodePlan;
  readonly quality: number | undefined;
  readonly maxBytes: number;
}

/** @returns Undefined when the browser does not encode the type, or only to something larger than the original. */
async function encodeCanvas(encoding: Encoding): Promise<Blob | undefined> {
  const { canvas, type, plan, quality = DEFAULT_QUALITY, maxBytes } = encoding;
  const isLastResort = plan.isRequired && type === plan.types.at(-1);
  let smallest: Blob | undefined;
  for (const step of isLastResort ? QUALITY_STEPS : [0]) {
    const blob = await canvas.convertToBlob({ type, quality: Math.max(0.1, quality - step) });
    // A browser that cannot encode the type answers with PNG.
    if (blob.type !== type || blob.size === 0) return undefined;
    if (blob.size <= maxBytes) return blob;
    smallest = blob;
  }
  // Privacy before size: without its metadata even if larger.
  return isLastResort ? smallest : undefined;
}
