// BMP: the header says size and depth.
// https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage
import type { PixelSize } from './pixel-size.js';
import { readText } from './read-text.js';

/** Sizes of the second header, from that of OS/2 to the fifth of Windows. */
const HEADER_BYTES: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);

/** @returns Undefined when it is no BMP; a size without numbers when it is cut off. */
export function readBmp(bytes: DataView): PixelSize | undefined {
  if (readText(bytes, 0, 2) !== 'BM' || bytes.byteLength < 26) return undefined;
  const header = bytes.getUint32(14, true);
  if (!HEADER_BYTES.has(header)) return undefined;
  if (header === 12) return { width: bytes.getUint16(18, true), height: bytes.getUint16(20, true) };
  // A negative height: the first row is the upper one.
  return { width: Math.abs(bytes.getInt32(18, true)), height: Math.abs(bytes.getInt32(22, true)) };
}
