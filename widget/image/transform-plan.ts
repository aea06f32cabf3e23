// Decides what is done with an image, from its header and the wishes (pure).
import type { ImageFormat, ImagePolicy } from '../../server/protocol.js';
import { fitSize, isDecodable, isSameSize, orientSize, type Size } from './resize-plan.js';
import type { ImageFacts, ImageKind } from './image-facts.js';

/** How an image is prepared; what is absent has its default. */
export type ImageWishes = Partial<
  Pick<ImagePolicy, 'maxWidth' | 'maxHeight' | 'quality' | 'format' | 'metadata'>
>;

/**
 * What may be sent of an image that is not re-encoded. `without-metadata`: the same picture, byte for byte, less the
 * parts that speak of it.
 */
export type Original = 'as-it-is' | 'without-metadata' | 'nothing';

export interface TransformPlan {
  /** MIME types to encode to, best first, for not every browser encodes every type; none when it is not re-encoded. */
  readonly types: readonly string[];
  /** A re-encoded image is taken even when it is larger than the original. */
  readonly isRequired: boolean;
  readonly original: Original;
  readonly size: Size | null;
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
};

/**
 * What we do not know is sent as it is: the promise that no position leaves the device is one about images of these
 * kinds. Videos, documents and archives have places for it without number, and nobody can be told that they are clean.
 */
export function planTransform(facts: ImageFacts | undefined, wishes: ImageWishes): TransformPlan {
  if (!facts) return { types: [], isRequired: false, original: 'as-it-is', size: null };
  const size = shownSize(facts);
  const original = wishes.metadata === 'keep' ? 'as-it-is' : safeOriginal(facts);
  const isRequired = original === 'nothing' || (original !== 'as-it-is' && liesOnItsSide(facts));
  const plan = { isRequired, original, size };
  const isUntouchable = facts.isAnimated || facts.kind === 'tiff' || (facts.kind === 'heic' && !isRequired);
  if (!size || isUntouchable || !isDecodable(size)) return { ...plan, types: [] };
  const isTooLarge = !isSameSize(size, fitSize(size, wishes));
  const asked = askedType(wishes.format ?? 'auto', facts.kind);
  const natural = isRequired || isTooLarge ? [NATURAL_TYPES[facts.kind]] : [];
  // Where WebP is not encoded either.
  const last = isRequired ? ['image/jpeg'] : [];
  const types = [...new Set([...(asked ? [asked] : []), ...natural, ...last])];
  return { ...plan, types: needsMatte(types[0], facts) ? types.slice(0, 1) : types };
}

/**
 * What is tried for an image whose metadata cannot be taken out, because its bytes are damaged: it is drawn anew.
 * @returns Undefined when it is not to be drawn either.
 */
export function planAnew(facts: ImageFacts, plan: TransformPlan): TransformPlan | undefined {
  const isDrawable = plan.size !== null && isDecodable(plan.size) && !facts.isAnimated && !facts.isCmyk;
  if (plan.original === 'as-it-is' || plan.types.length > 0 || !isDrawable) return undefined;
  return { ...plan, types: [NATURAL_TYPES[facts.kind]], isRequired: true };
}

function safeOriginal({ kind, hasMetadata }: ImageFacts): Original {
  switch (kind) {
    case 'jpeg':
    case 'png':
    case 'webp':
    case 'gif':
      // A header does not tell: metadata may come after the pixels.
      return 'without-metadata';
    case 'avif':
      return hasMetadata ? 'without-metadata' : 'as-it-is';
    case 'heic':
    case 'tiff':
      // Few can look at the one, and in the other picture and metadata are one: they are drawn anew or not sent.
      return hasMetadata ? 'nothing' : 'as-it-is';
    default:
      return kind satisfies never;
  }
}

/** Drawn anew it is upright for everybody; without, a tag of EXIF that says so stays. */
function liesOnItsSide({ kind, orientation }: ImageFacts): boolean {
  return kind === 'jpeg' && orientation !== 1;
}

function shownSize({ width, height, orientation }: ImageFacts): Size | null {
  return width === null || height === null ? null : orientSize({ width, height }, orientation);
}

/** The type asked for, when the image is of another. */
function askedType(format: ImageFormat, kind: ImageKind): string | undefined {
  return format === 'auto' || format === 'original' || format === kind ? undefined : `image/${format}`;
}

/** JPEG knows no transparency, and browsers would make it black. On a white ground no other type is tried. */
export function needsMatte(type: string | undefined, { hasAlpha }: ImageFacts): boolean {
  return type === 'image/jpeg' && hasAlpha;
}
