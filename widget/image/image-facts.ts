// What a file's first bytes tell of an image: the words that readers, plans and transforms share.
export type ImageKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'tiff' | 'jxl' | 'bmp';

/** EXIF: 1 upright; 2–4 mirrored or upside down; 5–8 lying on a side, so that width and height change places. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** `none`: nothing is said, which counts as sRGB; `other`: something is said that is neither sRGB nor Display P3. */
export type ColourProfile = 'srgb' | 'display-p3' | 'other' | 'none';

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
  readonly profile: ColourProfile;
  /** Bits per channel; null when the header does not say. */
  readonly bitDepth: number | null;
  /** Four inks instead of three lights, which canvases do not know. */
  readonly isCmyk: boolean;
  /** A decoder gives a fraction of it without holding the whole: JPEGs that are not progressive. */
  readonly isScalable?: boolean;
}

/** Reads one kind's header; undefined when the bytes are of another kind. */
export type HeaderReader = (bytes: DataView) => ImageFacts | undefined;
