// What a file's first bytes tell of an image: the words that readers, plans and transforms share.
export type ImageKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'tiff';

/** EXIF: 1 upright; 2–4 mirrored or upside down; 5–8 lying on a side, so that width and height change places. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a header says. When it is cut off, the answers are the careful ones. */
export interface ImageFacts {
  readonly kind: ImageKind;
  /** Pixels as stored, before orientation; null when the header does not say. */
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: Orientation;
  /** Whether pixels may be transparent. */
  readonly hasAlpha: boolean;
  readonly isAnimated: boolean;
  /** Whether it may carry EXIF, XMP, IPTC or the like; a colour profile does not count. */
  readonly hasMetadata: boolean;
}

/** Reads one kind's header; undefined when the bytes are of another kind. */
export type HeaderReader = (bytes: DataView) => ImageFacts | undefined;
