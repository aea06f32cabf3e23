// Takes the metadata out of a JPEG, segment by segment; the picture's own bytes stay. Pure.
// https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B) and https://www.w3.org/Graphics/JPEG/jfif3.pdf
import { type Bytes, viewOf } from './bytes.js';
import { containsText } from './contains-text.js';
import { isMarker } from './formats/jpeg.js';
import { readText } from './formats/read-text.js';
import { orientationTag } from './orientation-tag.js';
import type { Remains } from './strip-chunks.js';

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
/** Markers without a length: RST0–7, SOI, TEM. */
const isBare = (marker: number) => (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
const MARKS = ['Exif\0\0', 'http://ns.adobe.com/'];
/** Marker, length, mark. */
const EXIF_HEAD = [0xff, 0xe1, 0, 0, 0x45, 0x78, 0x69, 0x66, 0, 0];
/** Up to the size of the thumbnail, which then is none. */
const JFIF_BYTES = 18;

/**
 * Keeps JFIF, colour profile, Adobe's colour transform and which way up it is; what follows the end of the image goes too,
 * such as the film of a moving photo, or second pictures.
 */
export function stripJpeg(bytes: Bytes): Remains {
  const view = viewOf(bytes);
  const parts = [bytes.subarray(0, 2)];
  let upright: Bytes | undefined;
  let at = 2;
  let hasScan = false;
  while (at + 2 <= bytes.length) {
    // Padding and what decoders pass over are of no use.
    if (!isMarker(view, at)) {
      at += 1;
      continue;
    }
    const marker = view.getUint8(at + 1);
    const end = endOf(view, at, marker);
    if (end > bytes.length) return undefined;
    const segment = bytes.subarray(at, end);
    if (isPicture(view, at, marker)) parts.push(marker === 0xe0 ? dropThumbnail(segment) : segment);
    // The first EXIF is the one that counts.
    if (!hasScan && isExif(view, at, marker)) upright ??= orientationTag(segment.subarray(EXIF_HEAD.length));
    at = end;
    if (marker === END_OF_IMAGE) break;
    if (marker !== START_OF_SCAN) continue;
    hasScan = true;
    at = endOfScan(bytes, end);
    parts.push(bytes.subarray(end, at));
  }
  // Whatever a damaged file hid from the walk is no secret to a search.
  if (!hasScan || parts.some((part) => containsText(part, MARKS))) return undefined;
  return upright ? insertTag(parts, upright) : parts;
}

function endOf(view: DataView, at: number, marker: number): number {
  if (isBare(marker) || marker === END_OF_IMAGE) return at + 2;
  return at + 4 <= view.byteLength ? at + 2 + Math.max(2, view.getUint16(at + 2)) : Infinity;
}

function isPicture(view: DataView, at: number, marker: number): boolean {
  if (marker === 0xe0) return readText(view, at + 4, 4) === 'JFIF';
  if (marker === 0xe2) return readText(view, at + 4, 11) === 'ICC_PROFILE';
  if (marker === 0xee) return readText(view, at + 4, 5) === 'Adobe';
  return marker !== COMMENT && (marker < 0xe0 || marker > 0xef);
}

function isExif(view: DataView, at: number, marker: number): boolean {
  return marker === 0xe1 && readText(view, at + 4, 6) === MARKS[0];
}

/** JFIF has room for a thumbnail, which may show what was cut away. */
function dropThumbnail(jfif: Bytes): Bytes {
  if (jfif.length <= JFIF_BYTES) return jfif;
  const short = jfif.slice(0, JFIF_BYTES);
  short.set([0, JFIF_BYTES - 2], 2);
  return short.fill(0, JFIF_BYTES - 2);
}

/** Behind JFIF, which wants to be first. */
function insertTag(parts: readonly Bytes[], tag: Bytes): readonly Bytes[] {
  const segment = new Uint8Array(EXIF_HEAD.length + tag.length);
  segment.set(EXIF_HEAD);
  segment.set(tag, EXIF_HEAD.length);
  segment[3] = segment.length - 2;
  return parts.toSpliced(parts[1]?.[1] === 0xe0 ? 2 : 1, 0, segment);
}

/** Offset of the marker behind entropy-coded data, in which 0xff is followed by zero or a restart marker. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let at = bytes.indexOf(0xff, start);
  while (at >= 0 && at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 2);
  }
  return bytes.length;
}
