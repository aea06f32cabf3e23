// EXIF: finds the orientation in the first directory of its TIFF structure.
// https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf (4.6.2, 4.6.4)
import type { Orientation } from '../image-facts.js';

const ORIENTATION_TAG = 0x0112;
/** Of another type, or with more values, browsers take it for none. */
const SHORT = 3;
const ENTRY_BYTES = 12;

/** @param tiff - From the byte order mark on. @returns 1 when it is absent or makes no sense. */
export function readExifOrientation(tiff: DataView): Orientation {
  if (tiff.byteLength < 8) return 1;
  const isLittle = tiff.getUint16(0) === 0x4949;
  if ((!isLittle && tiff.getUint16(0) !== 0x4d4d) || tiff.getUint16(2, isLittle) !== 42) return 1;
  const directory = tiff.getUint32(4, isLittle);
  if (directory + 2 > tiff.byteLength) return 1;
  const count = tiff.getUint16(directory, isLittle);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > tiff.byteLength) return 1;
    if (tiff.getUint16(entry, isLittle) !== ORIENTATION_TAG) continue;
    const isOne = tiff.getUint16(entry + 2, isLittle) === SHORT && tiff.getUint32(entry + 4, isLittle) === 1;
    return isOne ? toOrientation(tiff.getUint16(entry + 8, isLittle)) : 1;
  }
  return 1;
}

/** @returns 1 for what is none. */
export function toOrientation(value: number): Orientation {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value;
    default:
      return 1;
  }
}
