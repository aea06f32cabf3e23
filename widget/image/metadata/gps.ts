// Whether a position is left anywhere in some bytes, however they are put together. Pure.
// https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf (4.6.6)
import { viewOf } from '../bytes.js';
import { containsText } from '../contains-text.js';
import { readDirectory, readFirstDirectory, readNumber } from './tiff-directory.js';

const GPS_DIRECTORY = 0x8825;
/** XMP in 8 and 16 bits, what videos call it, and texts in PNGs that are packed and may hold anything. */
const MARKS = [
  'exif:GPS',
  'GPSLatitude',
  'GPSLongitude',
  'G\0P\0S\0L\0',
  'location.ISO6709',
  '\u00a9xyz\0',
  'Raw profile type ',
  'iTXtXML:com.adobe.xmp\0\u0001',
  'zTXtXML:com.adobe.xmp',
];

/**
 * Looks for EXIF wherever it may lie, also in thumbnails, second pictures and behind the end, and for positions in XMP.
 * @returns True also for packed texts that may hide a position.
 */
export function hasGps(bytes: Uint8Array): boolean {
  return hasGpsDirectory(bytes) || containsText(bytes, MARKS);
}

function hasGpsDirectory(bytes: Uint8Array): boolean {
  // `II*\0` and `MM\0*`: the rarer sign is the star.
  for (let at = bytes.indexOf(0x2a); at >= 0; at = bytes.indexOf(0x2a, at + 1)) {
    const isLittle = bytes[at - 2] === 0x49 && bytes[at - 1] === 0x49 && bytes[at + 1] === 0;
    const isBig = bytes[at - 3] === 0x4d && bytes[at - 2] === 0x4d && bytes[at - 1] === 0;
    if ((isLittle || isBig) && saysPosition(viewOf(bytes.subarray(isLittle ? at - 2 : at - 3)))) return true;
  }
  return false;
}

function saysPosition(tiff: DataView): boolean {
  const first = readFirstDirectory(tiff);
  const place = first && readNumber(tiff, first, GPS_DIRECTORY);
  const directory = place === undefined ? undefined : readDirectory(tiff, place);
  // Tag 0 is the version, which cameras write that know of no position.
  return directory?.entries.some(({ tag }) => tag > 0 && tag < 0x20) ?? false;
}
