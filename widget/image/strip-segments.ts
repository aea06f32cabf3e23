// Takes the metadata out of a JPEG that cannot be decoded, segment by segment; the picture's own bytes stay. Pure.
// https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B)
import { containsText } from './contains-text.js';
import { readText } from './formats/read-text.js';
import type { Bytes, Remains } from './strip-chunks.js';

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
/** Markers without a length: RST0–7, SOI, TEM. */
const isBare = (marker: number) => (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
const MARKS = ['Exif\0\0', 'http://ns.adobe.com/'];

/** Keeps JFIF, colour profile and Adobe's colour transform; what follows the end of the image goes too. */
export function stripJpeg(bytes: Bytes): Remains {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  let hasScan = false;
  while (at + 2 <= bytes.length) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0) return undefined;
    const end = marker === 0xff ? at + 1 : endOf(view, at, marker);
    if (end > bytes.length) return undefined;
    // 0xff before a marker is padding, and not needed.
    if (marker !== 0xff && isPicture(view, at, marker)) parts.push(bytes.subarray(at, end));
    at = end;
    if (marker === END_OF_IMAGE) break;
    if (marker !== START_OF_SCAN) continue;
    hasScan = true;
    at = endOfScan(bytes, end);
    parts.push(bytes.subarray(end, at));
  }
  // Whatever a damaged file hid from the walk is no secret to a search.
  return hasScan && !parts.some((part) => containsText(part, MARKS)) ? parts : undefined;
}

function endOf(view: DataView, at: number, marker: number): number {
  if (isBare(marker) || marker === END_OF_IMAGE) return at + 2;
  return at + 4 <= view.byteLength ? at + 2 + Math.max(2, view.getUint16(at + 2)) : Infinity;
}

function isPicture(view: DataView, at: number, marker: number): boolean {
  if (marker === 0xe0) return /^JF(IF|XX)/.test(readText(view, at + 4, 4));
  if (marker === 0xe2) return readText(view, at + 4, 11) === 'ICC_PROFILE';
  if (marker === 0xee) return readText(view, at + 4, 5) === 'Adobe';
  return marker !== COMMENT && (marker < 0xe0 || marker > 0xef);
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
