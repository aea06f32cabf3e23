// Decides what is done with an image, from its header and the wishes (pure).
import type { ImageFormat, ImagePolicy } from '../../server/protocol.js';
import { fitSize, isDecodable, isSameSize, orientSize, type Size } from './resize-plan.js';
import type { ImageFacts, ImageKind } from './sniff.js';

/** How an image is prepared; what is absent has its default. */
export type ImageWishes = Partial<
  Pick<ImagePolicy, 'maxWidth' | 'maxHeight' | 'quality' | 'format' | 'metadata'>
>;

export type TransformPlan =
  /** It is sent as it is. */
  | { readonly action: 'keep'; readonly size: Size | null }
  | {
      readonly action: 'encode';
      /** MIME types to try, best first; not every browser encodes every type. */
      readonly types: readonly string[];
      /** Metadata has to go: the original must not be sent instead. */
      readonly isRequired: boolean;
      readonly size: Size;
    }
  /** Metadata has to go, and there is no safe way to do it. */
  | { readonly action: 'refuse' };

/** What a re-encoded image becomes when no format is asked for: no browser encodes GIF, few AVIF. */
const NATURAL_TYPES: Readonly<Record<ImageKind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/png',
  webp: 'image/webp',
  avif: 'image/webp',
  heic: 'image/jpeg',
};

export function planTransform(facts: ImageFacts | undefined, wishes: ImageWishes): TransformPlan {
  if (!facts) return { action: 'keep', size: null };
  const size = shownSize(facts);
  const isUntouchable = facts.isAnimated || facts.kind === 'heic';
  const isRequired = facts.kind === 'jpeg' && facts.hasMetadata && wishes.metadata !== 'keep';
  if (!size || isUntouchable || !isDecodable(size))
    return isRequired ? { action: 'refuse' } : { action: 'keep', size };
  const isTooLarge = !isSameSize(size, fitSize(size, wishes));
  const asked = askedType(wishes.format ?? 'auto', facts.kind);
  if (!isRequired && !isTooLarge && !asked) return { action: 'keep', size };
  const natural = isRequired || isTooLarge ? [NATURAL_TYPES[facts.kind]] : [];
  const types = asked ? [asked, ...natural] : natural;
  return { action: 'encode', types: types.slice(0, needsMatte(types[0], facts) ? 1 : 2), isRequired, size };
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
