// PNG and APNG: the header chunk, and the chunks before the first pixels.
// https://www.w3.org/TR/png-3/#5DataRep
import type { ColourProfile, ImageFacts, Orientation } from '../image-facts.js';
import { nameProfile, readCodePoints } from './colour.js';
import { readExifOrientation } from './exif.js';
import { readText } from './read-text.js';

const METADATA_CHUNKS: ReadonlySet<string> = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt']);
/** Colour types with an alpha channel: grey with alpha, RGB with alpha. */
const ALPHA_TYPES: ReadonlySet<number> = new Set([4, 6]);
/** Names of profiles end with a zero byte and have up to 79 characters. */
const MAX_NAME_BYTES = 80;
/** 1 / 2.2, as the `gAMA` chunk writes it. */
const USUAL_GAMMA = 45_455;

export function readPng(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 8 || bytes.getUint32(0) !== 0x89504e47 || bytes.getUint32(4) !== 0x0d0a1a0a)
    return undefined;
  const isWhole = bytes.byteLength >= 26 && readText(bytes, 12, 4) === 'IHDR';
  const width = isWhole ? bytes.getUint32(16) : 0;
  const height = isWhole ? bytes.getUint32(20) : 0;
  const isKnown = width > 0 && height > 0;
  const chunks = new Map(walk(bytes));
  return {
    kind: 'png',
    width: isKnown ? width : null,
    height: isKnown ? height : null,
    orientation: readOrientation(bytes, chunks.get('eXIf')),
    hasAlpha: !isWhole || ALPHA_TYPES.has(bytes.getUint8(25)) || chunks.has('tRNS'),
    // Told in front of the pixels.
    isAnimated: chunks.has('acTL') || !chunks.has('IDAT'),
    hasMetadata: [...chunks.keys()].some((name) => METADATA_CHUNKS.has(name)),
    profile: readProfile(bytes, chunks),
    bitDepth: isWhole ? bytes.getUint8(24) : null,
    isCmyk: false,
  };
}

/** Name and payload's offset of the chunks up to the first pixels. */
function* walk(bytes: DataView): Generator<readonly [string, number]> {
  let at = 8;
  while (at + 8 <= bytes.byteLength) {
    const name = readText(bytes, at + 4, 4);
    yield [name, at + 8];
    if (name === 'IDAT') return;
    at += 12 + bytes.getUint32(at);
  }
}

/** Browsers turn PNGs by their EXIF too, where it comes before the pixels. */
function readOrientation(bytes: DataView, payload: number | undefined): Orientation {
  if (payload === undefined || payload > bytes.byteLength) return 1;
  const length = Math.min(bytes.getUint32(payload - 8), bytes.byteLength - payload);
  return readExifOrientation(new DataView(bytes.buffer, bytes.byteOffset + payload, length));
}

/** In the order in which the standard lets one overrule the next. The profile itself is compressed; its name is not. */
function readProfile(bytes: DataView, chunks: ReadonlyMap<string, number>): ColourProfile {
  const points = chunks.get('cICP');
  if (points !== undefined && points + 2 <= bytes.byteLength)
    return readCodePoints(bytes.getUint8(points), bytes.getUint8(points + 1));
  const profile = chunks.get('iCCP');
  if (profile !== undefined)
    return nameProfile(readText(bytes, profile, MAX_NAME_BYTES).split('\0')[0] ?? '');
  if (chunks.has('sRGB')) return 'srgb';
  const gamma = chunks.get('gAMA');
  const isUsual =
    gamma === undefined ||
    (gamma + 4 <= bytes.byteLength && Math.abs(bytes.getUint32(gamma) - USUAL_GAMMA) < 100);
  return isUsual ? 'none' : 'other';
}
