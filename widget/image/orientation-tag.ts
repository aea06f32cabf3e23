// The one thing of EXIF that belongs to the picture: which way up it is. Pure.
import type { Bytes } from './bytes.js';
import { readExifOrientation } from './formats/exif.js';
import { readText } from './formats/read-text.js';

/** Big-endian TIFF with a directory of one entry, the orientation, whose value is filled in. */
const TAG = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
const VALUE_AT = 19;

/** @returns EXIF that says nothing but the orientation; undefined when the picture is upright, or that would be longer. */
export function orientationTag(exif: Bytes): Bytes | undefined {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  // Some writers of WebP put JPEG's mark in front.
  const start = readText(view, 0, 4) === 'Exif' ? 6 : 0;
  if (exif.length < TAG.length + start) return undefined;
  const tiff = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  const orientation = readExifOrientation(tiff);
  return orientation === 1 ? undefined : Uint8Array.from(TAG).fill(orientation, VALUE_AT, VALUE_AT + 1);
}
