// BMP: the header says size and depth.
// https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage
import type { ImageFacts } from '../image-facts.js';
import { readText } from './read-text.js';

/** Sizes of the second header, from that of OS/2 to the fifth of Windows. */
const HEADER_BYTES: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);
/** From the fourth of Windows on there is a word about colours. */
const COLOURED_HEADER_BYTES = 108;
/** Only pixels of so many bits have room for alpha. */
const ALPHA_BITS = 32;

export function readBmp(bytes: DataView): ImageFacts | undefined {
  if (readText(bytes, 0, 2) !== 'BM' || bytes.byteLength < 26) return undefined;
  const header = bytes.getUint32(14, true);
  if (!HEADER_BYTES.has(header)) return undefined;
  const isOld = header === 12;
  // A negative height: the first row is the upper one.
  const width = isOld ? bytes.getUint16(18, true) : Math.abs(bytes.getInt32(18, true));
  const height = isOld ? bytes.getUint16(20, true) : Math.abs(bytes.getInt32(22, true));
  const bitsAt = isOld ? 24 : 28;
  return {
    kind: 'bmp',
    width: width || null,
    height: height || null,
    orientation: 1,
    hasAlpha: bytes.byteLength < bitsAt + 2 || bytes.getUint16(bitsAt, true) === ALPHA_BITS,
    isAnimated: false,
    hasMetadata: false,
    profile: header < COLOURED_HEADER_BYTES ? 'none' : 'other',
    bitDepth: 8,
    isCmyk: false,
  };
}
