// One image and all that is made from it, decoded once: the image itself, its renditions and its placeholder.
import type { PreparedRendition } from '../engine/ports.js';
import { readBytes } from './bytes.js';
import { decodeImage } from './decode/decode-image.js';
import { createScaler } from './create-scaler.js';
import { assertCanvasIsTrue } from './draw.js';
import { encodeOutput, type EncodeContext } from './encode-output.js';
import { giveOriginal, readFacts, type TransformedImage } from './give-original.js';
import type { ImageFacts } from './image-facts.js';
import { makePlaceholder, placeholderSize } from './make-placeholder.js';
import { keepMetadata } from './metadata/keep-metadata.js';
import { nextTurn } from './resample/next-turn.js';
import type { Size } from './resize-plan.js';
import {
  type ImageSetWishes,
  isDecodableImage,
  isSubsampled,
  isUnusable,
  type Output,
  planAnew,
  planRendition,
  planTransform,
  type TransformPlan,
} from './transform-plan.js';

export interface ImageSet {
  readonly main: TransformedImage;
  /** In the order in which they were asked for; without those that could not be made, or would only repeat the main image. */
  readonly renditions: readonly PreparedRendition[];
  /** ThumbHash, base64. */
  readonly placeholder?: string;
  /** The image is sent as it was, though something else was asked for. */
  readonly notice?: 'original-sent';
}

interface Job {
  readonly blob: Blob;
  readonly facts: ImageFacts;
  readonly plan: TransformPlan;
  readonly renditions: readonly NamedOutput[];
  readonly wishes: ImageSetWishes;
  readonly signal: AbortSignal | undefined;
}

interface NamedOutput extends Output {
  readonly name: string;
}

/** What came out of the pixels; `main` is undefined when the original is better. */
interface Made {
  readonly main?: TransformedImage | undefined;
  readonly renditions: readonly PreparedRendition[];
  readonly placeholder?: string;
}

const DEFAULT_QUALITY = 0.85;
const NOTHING: Made = { renditions: [] };

/**
 * As `transformImage`, with renditions and a placeholder when they are asked for.
 * @throws {ImageError} `metadata-not-removed` when an image's metadata must go and cannot; the signal's reason when aborted.
 */
export async function transformAll(
  blob: Blob,
  wishes: ImageSetWishes,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const facts = await readFacts(blob, wishes);
  signal?.throwIfAborted();
  const plan = planTransform(facts, wishes);
  if (!facts) return { main: await giveOriginal(blob, plan), renditions: [] };
  const job = { blob, facts, plan, renditions: planRenditions(facts, wishes), wishes, signal };
  const { cause, ...made } = await tryToMake(job);
  const main =
    made.main ?? (await giveOriginal(blob, plan, cause).catch((error: unknown) => drawAnew(job, error)));
  const isUnmet = plan.isUnmet || (plan.output !== undefined && cause !== undefined);
  return {
    main,
    ...withoutRepeats(made, main),
    ...(isUnmet ? { notice: 'original-sent' } : {}),
  };
}

/**
 * What becomes of an image that is not to be decoded, because that took too long.
 * @throws {ImageError} `metadata-not-removed` when the original must not be sent.
 */
export async function keepImage(blob: Blob, wishes: ImageSetWishes): Promise<ImageSet> {
  const plan = planTransform(await readFacts(blob, wishes), wishes);
  const main = await giveOriginal(blob, plan);
  return { main, renditions: [], ...(plan.output || plan.isUnmet ? { notice: 'original-sent' } : {}) };
}

function planRenditions(facts: ImageFacts, { renditions = [] }: ImageSetWishes): readonly NamedOutput[] {
  return renditions.flatMap((rendition) => {
    const output = planRendition(facts, rendition);
    return output ? [{ ...output, name: rendition.name }] : [];
  });
}

async function tryToMake(job: Job): Promise<Made & { readonly cause?: unknown }> {
  try {
    return await make(job);
  } catch (cause) {
    job.signal?.throwIfAborted();
    return { ...NOTHING, cause };
  }
}

/** For damaged bytes, out of which nothing can be taken. @throws The error when that fails too. */
async function drawAnew(job: Job, error: unknown): Promise<TransformedImage> {
  const plan = planAnew(job.facts, job.plan);
  if (!plan) throw error;
  const { main } = await tryToMake({
    ...job,
    plan,
    renditions: [],
    wishes: { ...job.wishes, hasPlaceholder: false },
  });
  if (!main) throw error;
  return main;
}

/** Decodes once, when there is anything to be made of the pixels. */
async function make(job: Job): Promise<Made> {
  const { blob, facts, plan, renditions, wishes, signal } = job;
  const { quality = DEFAULT_QUALITY } = wishes;
  const outputs = [...(plan.output ? [plan.output] : []), ...renditions];
  const hasPlaceholder =
    wishes.hasPlaceholder === true && !!plan.size && isDecodableImage(facts, placeholderSize(plan.size));
  if (outputs.length === 0 && !hasPlaceholder) return NOTHING;
  assertCanvasIsTrue();
  const target = findLargest(outputs);
  const source = await decodeImage(blob, facts, {
    target,
    quality,
    isSubsampled: outputs.every(isSubsampled),
    signal,
  });
  const { scale, release } = createScaler(source, { isOpaque: !facts.hasAlpha, signal });
  let placing: Promise<string> | undefined;
  const place = (): Promise<string> => {
    placing ??= hasPlaceholder && plan.size ? makePlaceholder(scale, plan.size) : Promise.resolve('');
    return placing;
  };
  try {
    const context = { source, scale, facts, quality, signal };
    const meanwhile = () => void place().catch(() => undefined);
    const main = plan.output && (await makeMain(job, plan.output, { ...context, meanwhile }));
    const made = await makeRenditions(renditions, context);
    const placeholder = await place();
    return { main, renditions: made, ...(placeholder ? { placeholder } : {}) };
  } finally {
    await placing?.catch(() => undefined);
    release();
    // To give back what a photo was decoded to takes a moment, for which nobody waits.
    void nextTurn().then(() => source.close());
  }
}

function findLargest(outputs: readonly Output[]): Size | null {
  const [largest] = outputs.map(({ size }) => size).sort((a, b) => b.width * b.height - a.width * a.height);
  return largest ?? null;
}

async function makeMain(
  { blob, facts, plan, wishes }: Job,
  output: Output,
  context: EncodeContext,
): Promise<TransformedImage | undefined> {
  const { isRequired } = plan;
  // What is not sent in any case is no measure.
  const maxBytes = isUnusable(facts, wishes) ? Infinity : blob.size;
  const encoded = await encodeOutput(output, context, { maxBytes, isRequired });
  if (!encoded) return undefined;
  const made = wishes.metadata === 'keep' ? await giveMetadata(encoded.blob, blob) : encoded.blob;
  if (made.size > maxBytes && !isRequired) return undefined;
  return { ...encoded, blob: made, changed: true };
}

/** What does not fit into the new file stays behind; the picture is what counts. */
async function giveMetadata(made: Blob, original: Blob): Promise<Blob> {
  const bytes = keepMetadata(await readBytes(original), await readBytes(made));
  return bytes ? new Blob([bytes], { type: made.type }) : made;
}

/** The largest first: smaller ones are made from it. One that fails is missed less than the image itself would be. */
async function makeRenditions(
  outputs: readonly NamedOutput[],
  context: EncodeContext,
): Promise<readonly PreparedRendition[]> {
  const made = new Map<string, PreparedRendition>();
  for (const output of [...outputs].sort((a, b) => b.size.width - a.size.width)) {
    const encoded = await encodeOutput(output, context, { maxBytes: Infinity, isRequired: true }).catch(
      () => undefined,
    );
    context.signal?.throwIfAborted();
    if (encoded) made.set(output.name, { name: output.name, ...encoded });
  }
  return outputs.flatMap(({ name }) => made.get(name) ?? []);
}

function withoutRepeats({ renditions, placeholder }: Made, main: TransformedImage): Omit<ImageSet, 'main'> {
  const { type, width, height } = main;
  const isRepeat = (rendition: PreparedRendition) =>
    rendition.type === type && rendition.width === width && rendition.height === height;
  return {
    renditions: renditions.filter((rendition) => !isRepeat(rendition)),
    ...(placeholder ? { placeholder } : {}),
  };
}
