// The small JPEG that cameras put into EXIF: a preview long before the picture itself is decoded. Pure.
// https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf (4.5.5)
import { type Bytes, viewOf } from '../bytes.js';
import { readExifOrientation } from '../formats/exif.js';
import type { Orientation } from '../image-facts.js';
import { findMetadata } from './find-metadata.js';
import { type Directory, readFirstDirectory, readNextDirectory, readNumber } from './tiff-directory.js';

export interface Thumbnail {
  /** Offsets in the file; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** How it is to be turned: thumbnails lie as the picture does. */
  readonly orientation: Orientation;
}

const THUMBNAIL_START = 0x0201;
const THUMBNAIL_BYTES = 0x0202;

/** @param bytes - The file, or enough of its beginning: EXIF of a JPEG is in the first 64 kB. */
export function findThumbnail(bytes: Bytes): Thumbnail | undefined {
  const { exif } = findMetadata(bytes);
  if (!exif || exif.byteOffset + exif.length > bytes.byteOffset + bytes.length) return undefined;
  const place = locateThumbnail(viewOf(exif));
  if (!place || exif[place.start] !== 0xff || exif[place.start + 1] !== 0xd8) return undefined;
  const shift = exif.byteOffset - bytes.byteOffset;
  const orientation = readExifOrientation(viewOf(exif));
  return { start: shift + place.start, end: shift + place.end, orientation };
}

/** @returns Offsets inside the TIFF, and the directory that speaks of the thumbnail. */
export function locateThumbnail(
  tiff: DataView,
): { readonly start: number; readonly end: number; readonly directory: Directory } | undefined {
  const first = readFirstDirectory(tiff);
  const directory = first && readNextDirectory(tiff, first);
  const start = directory && readNumber(tiff, directory, THUMBNAIL_START);
  const length = directory && readNumber(tiff, directory, THUMBNAIL_BYTES);
  if (start === undefined || !length || start + length > tiff.byteLength) return undefined;
  return { start, end: start + length, directory };
}
