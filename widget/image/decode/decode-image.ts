// Blob to pixels, by the fastest way that is exact.
import type { ImageFacts } from '../image-facts.js';
import { isDecodable, isSameShape, shownSize, type Size } from '../resize-plan.js';
import { decodeBitmap } from './bitmap-rows.js';
import { decodeFrame } from './frame-rows.js';
import { sourceOfPixels } from './pixel-rows.js';
import type { RowSource } from './row-source.js';
import { scalesJpeg } from './scales-jpeg.js';

export interface DecodeWish {
  /** The largest size that will be made of it, upright; null when a rough look is enough. */
  readonly target: Size | null;
  /** Of what will be made of it, 0…1. */
  readonly quality: number;
  /** Whether everything that is made of it will hold colours at half the size. */
  readonly isSubsampled: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** From here on a picture deserves the decoder's every pixel. */
const EXACT_QUALITY = 0.9;
/** A JPEG decoded at a fraction of its size has lost some sharpness; with this much to spare it does not show. */
const SPARE = 1.3;
/** With less than this it would show beside planes of the whole picture, which take hardly longer. */
const PLANES_SPARE = 1.75;
/** The last pixel of a side may be made of what fills up the last block; among so many it does not show. */
const LEAST_SIDE = 16;
/** The eighths that decoders are fast at. */
const FAST_EIGHTHS = [1, 2, 4];

/** @throws When neither browser nor library can decode it; the signal's reason when aborted. */
export async function decodeImage(blob: Blob, facts: ImageFacts, wish: DecodeWish): Promise<RowSource> {
  const { signal } = wish;
  const isHuge = mostEighths(facts) < 8;
  const isSubsampled = wish.isSubsampled && wish.quality < EXACT_QUALITY;
  const eighths = chooseEighths(facts, wish);
  const isWorthAll = isSubsampled && chooseEighths(facts, wish, PLANES_SPARE) === 8;
  // Drawn at its own size, no pixel needs to be looked at.
  if (!isWholeSize(facts, wish) && (!isHuge || (await scalesJpeg()))) {
    const rows = await decodeFrame(blob, facts, { eighths, isSubsampled, isWorthAll, signal }).catch(
      () => undefined,
    );
    if (rows) return rows;
    signal?.throwIfAborted();
  }
  if (isHuge) throw new Error('The picture is too large to be decoded whole.');
  const rows = await decodeBitmap(blob, facts.profile === 'display-p3' ? 'display-p3' : 'srgb').catch(
    (cause: unknown) => decodeByLibrary(blob, facts, { cause, signal }),
  );
  const isAsTold = hasShapeOf(rows, facts);
  if (signal?.aborted || !isAsTold) rows.close();
  signal?.throwIfAborted();
  if (!isAsTold) throw new Error('The picture has another shape than its header says.');
  return rows;
}

/** @throws The cause, when there is no library for it. */
async function decodeByLibrary(
  blob: Blob,
  { kind }: ImageFacts,
  { cause, signal }: { readonly cause: unknown; readonly signal: AbortSignal | undefined },
): Promise<RowSource> {
  if (kind !== 'heic') throw cause;
  const { decodeHeic } = await import('../heic/decode-heic.js');
  return sourceOfPixels(await decodeHeic(blob, signal));
}

/** In which fraction of its sides, in eighths, a JPEG is decoded. */
export function chooseEighths(
  { kind, width, height }: ImageFacts,
  { target, quality }: Pick<DecodeWish, 'target' | 'quality'>,
  spare = SPARE,
): number {
  if (kind !== 'jpeg' || !width || !height) return 8;
  const most = mostEighths({ width, height });
  if (target && quality >= EXACT_QUALITY) return most;
  // The longer sides, whichever way up it lies.
  const wanted = target ? (spare * Math.max(target.width, target.height)) / Math.max(width, height) : 0;
  const needed = Math.max(wanted, LEAST_SIDE / Math.min(width, height));
  return FAST_EIGHTHS.find((eighths) => eighths / 8 >= needed) ?? most;
}

/** Of a huge photo half the sides are decoded at most. */
function mostEighths({ width, height }: Pick<ImageFacts, 'width' | 'height'>): number {
  return !width || !height || isDecodable({ width, height }) ? 8 : 4;
}

/** A part of what is stored, or turned in a way that the header does not tell, would come out stretched. */
function hasShapeOf(rows: Size, facts: ImageFacts): boolean {
  const shown = shownSize(facts);
  return !shown || isSameShape(rows, shown);
}

function isWholeSize({ width, height }: ImageFacts, { target }: DecodeWish): boolean {
  return !!target && !!width && !!height && target.width * target.height === width * height;
}
