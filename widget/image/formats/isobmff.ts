// AVIF and HEIC: the brands name the kind, the largest `ispe` property the size.
// https://aomediacodec.github.io/av1-avif/ and ISO/IEC 23008-12
import type { ImageFacts, ImageKind } from '../image-facts.js';
import { readText } from './read-text.js';

const KINDS: ReadonlyMap<string, ImageKind> = new Map([
  ['avif', 'avif'],
  ['avis', 'avif'],
  ['heic', 'heic'],
  ['heix', 'heic'],
  ['heim', 'heic'],
  ['heis', 'heic'],
  ['hevc', 'heic'],
  ['hevx', 'heic'],
  ['mif1', 'heic'],
  ['msf1', 'heic'],
]);
const SEQUENCE_BRANDS: ReadonlySet<string> = new Set(['avis', 'hevc', 'hevx', 'msf1']);
const ISPE = 0x69737065;

export function readIsobmff(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 16 || readText(bytes, 4, 4) !== 'ftyp') return undefined;
  const brands = readBrands(bytes);
  // `mif1` is what both have in common, so a brand of AVIF decides.
  const kind = brands.some((brand) => KINDS.get(brand) === 'avif') ? 'avif' : KINDS.get(brands[0] ?? '');
  if (!kind) return undefined;
  const size = findLargest(bytes);
  return {
    kind,
    width: size?.width ?? null,
    height: size?.height ?? null,
    orientation: 1,
    hasAlpha: true,
    isAnimated: SEQUENCE_BRANDS.has(brands[0] ?? ''),
    hasMetadata: true,
  };
}

/** The major brand first. */
function readBrands(bytes: DataView): readonly string[] {
  const end = Math.min(bytes.getUint32(0), bytes.byteLength, 256);
  const brands = [readText(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(readText(bytes, at, 4));
  return brands;
}

/** Tiles and thumbnails have sizes of their own; the picture's is the largest. */
function findLargest(bytes: DataView): { readonly width: number; readonly height: number } | undefined {
  let largest: { readonly width: number; readonly height: number } | undefined;
  for (let at = 16; at + 16 <= bytes.byteLength; at += 1) {
    if (bytes.getUint8(at) !== 0x69 || bytes.getUint32(at) !== ISPE) continue;
    const size = { width: bytes.getUint32(at + 8), height: bytes.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
