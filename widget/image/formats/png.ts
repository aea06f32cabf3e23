// PNG and APNG: the header chunk, and the chunks before the first pixels.
// https://www.w3.org/TR/png-3/#5DataRep
import type { ImageFacts } from '../image-facts.js';
import { readText } from './read-text.js';

const METADATA_CHUNKS: ReadonlySet<string> = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt']);
/** Colour types with an alpha channel: grey with alpha, RGB with alpha. */
const ALPHA_TYPES: ReadonlySet<number> = new Set([4, 6]);

export function readPng(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 8 || bytes.getUint32(0) !== 0x89504e47 || bytes.getUint32(4) !== 0x0d0a1a0a)
    return undefined;
  const isWhole = bytes.byteLength >= 26 && readText(bytes, 12, 4) === 'IHDR';
  const width = isWhole ? bytes.getUint32(16) : 0;
  const height = isWhole ? bytes.getUint32(20) : 0;
  const isKnown = width > 0 && height > 0;
  const chunks = new Set(walk(bytes));
  return {
    kind: 'png',
    width: isKnown ? width : null,
    height: isKnown ? height : null,
    orientation: 1,
    hasAlpha: !isWhole || ALPHA_TYPES.has(bytes.getUint8(25)) || chunks.has('tRNS'),
    isAnimated: chunks.has('acTL'),
    hasMetadata: [...chunks].some((name) => METADATA_CHUNKS.has(name)),
  };
}

/** Names of the chunks before the first pixels. */
function* walk(bytes: DataView): Generator<string> {
  let at = 8;
  while (at + 8 <= bytes.byteLength) {
    const name = readText(bytes, at + 4, 4);
    if (name === 'IDAT') return;
    yield name;
    at += 12 + bytes.getUint32(at);
  }
}
