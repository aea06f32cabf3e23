// Tells from a file's first bytes whether it is an image, which kind, how large, and what care it needs. Pure; never throws.
import { readGif } from './formats/gif.js';
import { readIsobmff } from './formats/isobmff.js';
import { readJpeg } from './formats/jpeg.js';
import { readPng } from './formats/png.js';
import { readTiff } from './formats/tiff.js';
import { readWebp } from './formats/webp.js';

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

const READERS: readonly HeaderReader[] = [readJpeg, readPng, readGif, readWebp, readIsobmff, readTiff];

/** @returns Undefined when the bytes are no image that we know. */
export function sniffImage(bytes: Uint8Array): ImageFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of READERS) {
    const facts = read(view);
    if (facts) return facts;
  }
  return undefined;
}
