// Decides what is done with an image, from its header and the wishes (pure).
import type { ImageFormat, ImagePolicy, RenditionPolicy } from '../../server/protocol.js';
import { fitSize, halfSize, isDecodable, isSameSize, shownSize, type Size } from './resize-plan.js';
import type { ImageFacts, ImageKind } from './image-facts.js';

/** How an image is prepared; what is absent has its default. */
export type ImageWishes = Partial<
  Pick<ImagePolicy, 'maxWidth' | 'maxHeight' | 'quality' | 'format' | 'metadata'>
>;

/** An image with everything that is made from it. */
export interface ImageSetWishes extends ImageWishes {
  readonly renditions?: readonly RenditionPolicy[];
  /** Whether a placeholder is wanted too. */
  readonly hasPlaceholder?: boolean;
}

/**
 * What may be sent of an image that is not re-encoded. `without-metadata`: the same picture, byte for byte, less the
 * parts that speak of it.
 */
export type Original = 'as-it-is' | 'without-metadata' | 'nothing';

/** What an image is encoded as. */
export interface Output {
  /** As shown. */
  readonly size: Size;
  /** MIME types to encode to, best first, for not every browser encodes every type. */
  readonly types: readonly string[];
  /** No type is asked for, so the picture itself tells: a drawing stays PNG, a photograph becomes WebP. */
  readonly isByContent: boolean;
}

export interface TransformPlan {
  /** Undefined when the image is not re-encoded. */
  readonly output: Output | undefined;
  /** A re-encoded image is taken even when it is larger than the original. */
  readonly isRequired: boolean;
  readonly original: Original;
  /** As shown. */
  readonly size: Size | null;
  /** The image is not as was asked for, and no browser makes it so. */
  readonly isUnmet: boolean;
}

/** What a re-encoded image becomes when no format is asked for: no browser encodes GIF, few AVIF. */
const NATURAL_TYPES: Readonly<Record<ImageKind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/png',
  webp: 'image/webp',
  avif: 'image/webp',
  heic: 'image/jpeg',
  tiff: 'image/jpeg',
  jxl: 'image/jpeg',
  bmp: 'image/png',
};

/**
 * What we do not know is sent as it is: the promise that no position leaves the device is one about images of these
 * kinds. Videos, documents and archives have places for it without number, and nobody can be told that they are clean.
 * Inks stay inks: browsers turn them into pale or garish lights.
 */
export function planTransform(facts: ImageFacts | undefined, wishes: ImageWishes): TransformPlan {
  if (!facts)
    return { output: undefined, isRequired: false, original: 'as-it-is', size: null, isUnmet: false };
  const size = shownSize(facts);
  const original = wishes.metadata === 'keep' ? 'as-it-is' : safeOriginal(facts);
  const isDrawn = original === 'nothing' || liesOnItsSide(facts);
  const isRequired = isDrawn || isUnusable(facts, wishes);
  const plan = { isRequired, original, size };
  const target = size && fitSize(size, wishes);
  const isTooLarge = !target || !isSameSize(size, target);
  // An animation keeps its size on purpose.
  if (facts.isAnimated) return { ...plan, output: undefined, isUnmet: false };
  if (!target || !isDrawable(facts, target)) {
    const isUnmet = isTooLarge || isRequired || askedType(wishes.format ?? 'auto', facts.kind) !== undefined;
    return { ...plan, output: undefined, isUnmet };
  }
  const output = planOutput({ facts, size: target, wishes, isTooLarge, isRequired });
  return { ...plan, output, isUnmet: false };
}

/**
 * Whether a decoder may see it: checked in the header, before any decoder sees a byte.
 * @param target - What will be made of it: half of a huge photo may be decoded where all of it may not.
 */
export function isDecodableImage(facts: ImageFacts, target: Size): boolean {
  const size = shownSize(facts);
  if (!size || facts.kind === 'tiff' || facts.kind === 'jxl') return false;
  if (isDecodable(size)) return true;
  const half = halfSize(size);
  const isHalfEnough = target.width <= half.width && target.height <= half.height;
  return facts.isScalable === true && isHalfEnough && isDecodable(half);
}

/** Browsers decode inks too, in colours of their own. */
function isDrawable(facts: ImageFacts, target: Size): boolean {
  return isDecodableImage(facts, target) && !facts.isCmyk;
}

/** @returns Undefined when nothing can be made of the image, nor of inks in their colours. Of an animation, a still of its first frame. */
export function planRendition(
  facts: ImageFacts,
  { maxWidth, maxHeight, format }: RenditionPolicy,
): Output | undefined {
  const size = shownSize(facts);
  if (!size) return undefined;
  const target = fitSize(size, { maxWidth: maxWidth ?? null, maxHeight: maxHeight ?? null });
  if (!isDrawable(facts, target)) return undefined;
  return listTypes({ facts, size: target, format, isNatural: true, isRequired: true });
}

interface OutputQuestion {
  readonly facts: ImageFacts;
  /** Of what is made. */
  readonly size: Size;
  readonly wishes: ImageWishes;
  readonly isTooLarge: boolean;
  readonly isRequired: boolean;
}

function planOutput({ facts, size, wishes, isTooLarge, isRequired }: OutputQuestion): Output | undefined {
  const isNatural = isRequired || isTooLarge;
  const output = listTypes({ facts, size, format: wishes.format, isNatural, isRequired });
  return output.types.length > 0 ? output : undefined;
}

interface TypeQuestion {
  readonly facts: ImageFacts;
  readonly size: Size;
  readonly format: ImageFormat | undefined;
  /** Whether the type that suits the image will do when the one asked for cannot be made. */
  readonly isNatural: boolean;
  readonly isRequired: boolean;
}

function listTypes({ facts, size, format = 'auto', isNatural, isRequired }: TypeQuestion): Output {
  const asked = askedType(format, facts.kind);
  const natural = isNatural ? [NATURAL_TYPES[facts.kind]] : [];
  // Where WebP is not encoded either.
  const last = isRequired ? ['image/jpeg'] : [];
  const types = [...new Set([...(asked ? [asked] : []), ...natural, ...last])];
  const isByContent = format === 'auto' && types[0] === 'image/png';
  return { size, types: needsMatte(types[0], facts) ? types.slice(0, 1) : types, isByContent };
}

/** Few programs open HEIC, and no browser but one shows it. */
export function isUnusable({ kind }: ImageFacts, { format }: ImageWishes): boolean {
  return kind === 'heic' && format !== 'original';
}

/**
 * What is tried for an image whose metadata cannot be taken out, because its bytes are damaged: it is drawn anew.
 * @returns Undefined when it is not to be drawn either.
 */
export function planAnew(facts: ImageFacts, plan: TransformPlan): TransformPlan | undefined {
  if (plan.original === 'as-it-is' || plan.output || !plan.size || facts.isAnimated) return undefined;
  if (!isDrawable(facts, plan.size)) return undefined;
  const output = { size: plan.size, types: [NATURAL_TYPES[facts.kind]], isByContent: false };
  return { ...plan, output, isRequired: true };
}

function safeOriginal({ kind, hasMetadata }: ImageFacts): Original {
  switch (kind) {
    case 'jpeg':
    case 'png':
    case 'webp':
    case 'gif':
    case 'jxl':
      // A header does not tell: metadata may come after the pixels.
      return 'without-metadata';
    case 'bmp':
      // There is no place for it.
      return 'as-it-is';
    case 'avif':
    case 'heic':
      return hasMetadata ? 'without-metadata' : 'as-it-is';
    case 'tiff':
      // Picture and metadata are one, and no browser draws it anew.
      return hasMetadata ? 'nothing' : 'as-it-is';
    default:
      return kind satisfies never;
  }
}

/** Drawn anew it is upright for everybody; without, a tag of EXIF that says so stays. */
function liesOnItsSide({ kind, orientation }: ImageFacts): boolean {
  return kind === 'jpeg' && orientation !== 1;
}

/** The type asked for, when the image is of another. */
function askedType(format: ImageFormat, kind: ImageKind): string | undefined {
  return format === 'auto' || format === 'original' || format === kind ? undefined : `image/${format}`;
}

/** Whether colours are kept at half the size: below the finest quality, by the formats of photographs. */
export function isSubsampled({ types, isByContent }: Output): boolean {
  return !isByContent && types.every((type) => type === 'image/jpeg' || type === 'image/webp');
}

/** JPEG knows no transparency, and browsers would make it black. On a white ground no other type is tried. */
export function needsMatte(type: string | undefined, { hasAlpha }: ImageFacts): boolean {
  return type === 'image/jpeg' && hasAlpha;
}
