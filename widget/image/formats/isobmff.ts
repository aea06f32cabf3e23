// AVIF and HEIC: the brands name the kind, the properties of the main picture the rest.
// https://aomediacodec.github.io/av1-avif/ and ISO/IEC 23008-12
import type { ColourProfile, ImageFacts, ImageKind, Orientation } from '../image-facts.js';
import { readCodePoints, readIcc } from './colour.js';
import { findMeta, readPrimaryId, readProperties } from './heif-items.js';
import { type Box, findBox } from './isobmff-boxes.js';
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
/** By quarter turns against the clock: not mirrored, top and bottom exchanged, left and right exchanged. */
const ORIENTATIONS: readonly (readonly [Orientation, Orientation, Orientation])[] = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
];
/** By the flags `high_bitdepth` and `twelve_bit`. */
const AV1_DEPTHS = [8, 8, 10, 12];

export function readIsobmff(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 16 || readText(bytes, 4, 4) !== 'ftyp') return undefined;
  const brands = readBrands(bytes);
  // `mif1` is what both have in common, so a brand of AVIF decides.
  const kind = brands.some((brand) => KINDS.get(brand) === 'avif') ? 'avif' : KINDS.get(brands[0] ?? '');
  if (!kind) return undefined;
  const meta = findMeta(bytes);
  const primary = meta && readPrimaryId(bytes, meta);
  const properties = meta && primary !== undefined ? readProperties(bytes, meta, primary) : [];
  const size = readSize(bytes, properties) ?? findLargest(bytes);
  return {
    kind,
    width: size?.width ?? null,
    height: size?.height ?? null,
    orientation: readOrientation(bytes, properties),
    hasAlpha: !meta || properties.length === 0 || hasAlphaPicture(bytes, meta),
    isAnimated: isSequence(bytes, brands),
    hasMetadata: true,
    profile: readProfile(bytes, properties),
    bitDepth: readBitDepth(bytes, properties),
    isCmyk: false,
  };
}

/** The major brand first. */
export function readBrands(bytes: DataView): readonly string[] {
  const end = Math.min(bytes.getUint32(0), bytes.byteLength, 256);
  const brands = [readText(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(readText(bytes, at, 4));
  return brands;
}

/** Some name the sequence second; then there are tracks too. */
function isSequence(bytes: DataView, brands: readonly string[]): boolean {
  if (SEQUENCE_BRANDS.has(brands[0] ?? '')) return true;
  return (
    brands.some((brand) => SEQUENCE_BRANDS.has(brand)) &&
    findBox(bytes, 'moov', { start: 0, end: bytes.byteLength }) !== undefined
  );
}

interface PixelSize {
  readonly width: number;
  readonly height: number;
}

function readSize(bytes: DataView, properties: readonly Box[]): PixelSize | undefined {
  const box = properties.find(({ type, start, end }) => type === 'ispe' && end >= start + 12);
  if (!box) return undefined;
  const size = { width: bytes.getUint32(box.start + 4), height: bytes.getUint32(box.start + 8) };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

/** For headers that are cut off. Tiles and thumbnails have sizes of their own; the picture's is the largest. */
function findLargest(bytes: DataView): PixelSize | undefined {
  let largest: PixelSize | undefined;
  for (let at = 16; at + 16 <= bytes.byteLength; at += 1) {
    if (bytes.getUint8(at) !== 0x69 || bytes.getUint32(at) !== ISPE) continue;
    const size = { width: bytes.getUint32(at + 8), height: bytes.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** Turned first, mirrored then, as writers do it. EXIF has no say here. */
function readOrientation(bytes: DataView, properties: readonly Box[]): Orientation {
  const first = (wanted: string) =>
    properties.find(({ type, start, end }) => type === wanted && end > start)?.start;
  const [turn, mirror] = [first('irot'), first('imir')];
  const turned = ORIENTATIONS[turn === undefined ? 0 : bytes.getUint8(turn) & 3];
  if (!turned) return 1;
  if (mirror === undefined) return turned[0];
  return (bytes.getUint8(mirror) & 1) === 0 ? turned[1] : turned[2];
}

function hasAlphaPicture(bytes: DataView, meta: Box): boolean {
  const place = findBox(bytes, 'iprp', meta);
  const text = place ? readText(bytes, place.start, place.end - place.start) : '';
  return text.includes(':auxiliary:alpha') || text.includes('urn:mpeg:hevc:2015:auxid:1');
}

function readProfile(bytes: DataView, properties: readonly Box[]): ColourProfile {
  const found = properties
    .filter(({ type, start, end }) => type === 'colr' && end >= start + 8)
    .map((box) => readColour(bytes, box));
  // ICC profiles come before code points, which then tell how to decode only.
  return found.find(({ isIcc }) => isIcc)?.profile ?? found[0]?.profile ?? 'none';
}

function readColour(bytes: DataView, { start, end }: Box) {
  const isIcc = readText(bytes, start, 4) !== 'nclx';
  if (!isIcc)
    return { isIcc, profile: readCodePoints(bytes.getUint16(start + 4), bytes.getUint16(start + 6)) };
  const icc = new DataView(bytes.buffer, bytes.byteOffset + start + 4, end - start - 4);
  return { isIcc, profile: readIcc(icc) };
}

function readBitDepth(bytes: DataView, properties: readonly Box[]): number | null {
  for (const { type, start, end } of properties) {
    if (type === 'pixi' && end >= start + 6) return bytes.getUint8(start + 5);
    if (type === 'hvcC' && end >= start + 18) return 8 + (bytes.getUint8(start + 17) & 7);
    if (type === 'av1C' && end >= start + 3) return AV1_DEPTHS[(bytes.getUint8(start + 2) >> 5) & 3] ?? null;
  }
  return null;
}
