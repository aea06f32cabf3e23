// How images are prepared: the site's policy, narrowed by the element's attributes (pure).
import type { ImagePolicy, RenditionPolicy } from '../../server/protocol.js';
import { readRenditions } from './read-renditions.js';

export type ImageOptions = Partial<
  Pick<ImagePolicy, 'maxWidth' | 'maxHeight' | 'quality' | 'format' | 'metadata'>
> & {
  /** Further images to make of each, where the site names none; as a list, or as its JSON. */
  readonly renditions?: readonly RenditionPolicy[] | string;
  /** Images keep their size and format; what the site says of metadata still holds. */
  readonly disabled?: boolean;
};

/** The stricter of both for each setting; a format can be chosen where the site leaves it open. */
export function narrowImagePolicy(site: ImagePolicy, options: ImageOptions = {}): ImagePolicy {
  const metadata = options.metadata === 'strip' ? 'strip' : site.metadata;
  // A site that names renditions gets those, and no others.
  const renditions = site.renditions.length > 0 ? site.renditions : readRenditions(options.renditions);
  const kept = { ...site, metadata, renditions };
  if (options.disabled) return { ...kept, maxWidth: null, maxHeight: null, format: 'original' };
  return {
    ...kept,
    maxWidth: smaller(site.maxWidth, options.maxWidth),
    maxHeight: smaller(site.maxHeight, options.maxHeight),
    quality: Math.min(site.quality, options.quality ?? 1),
    format: site.format === 'auto' ? (options.format ?? 'auto') : site.format,
  };
}

function smaller(site: number | null, option: number | null = null): number | null {
  const limit = Math.min(site ?? Infinity, option ?? Infinity);
  return Number.isFinite(limit) ? limit : null;
}
