// Takes the metadata out of PNG and WebP without touching a pixel: both are rows of named chunks, and those that say
// nothing about how the picture looks are left out. Pure. https://www.w3.org/TR/png-3/ and
// https://developers.google.com/speed/webp/docs/riff_container
import { type Bytes, viewOf } from './bytes.js';
import { containsText } from './contains-text.js';
import { readText } from './formats/read-text.js';
import { makePngChunk, makeWebpChunk } from './make-chunk.js';
import { orientationTag } from './orientation-tag.js';

/** What remains of a file, in order; undefined when nobody can say what would remain. */
export type Remains = readonly Bytes[] | undefined;

interface Chunk {
  readonly name: string;
  /** With name, length and, in PNG, checksum; less when the file is cut off. */
  readonly bytes: Bytes;
  /** As the chunk's own length has it. */
  readonly statedBytes: number;
  readonly payload: Bytes;
}

const PNG_HEAD_BYTES = 8;
const RIFF_HEAD_BYTES = 12;
/**
 * Of all chunks that a decoder may skip, those that change the picture: colour, transparency, density, animation.
 * Not among them is `iDOT`, a map of offsets that would no longer be true.
 */
const PNG_PICTURE_CHUNKS: ReadonlySet<string> = new Set(
  'tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV mDCv cLLI cLLi bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
);
const WEBP_PICTURE_CHUNKS: ReadonlySet<string> = new Set([
  'VP8X',
  'VP8 ',
  'VP8L',
  'ALPH',
  'ANIM',
  'ANMF',
  'ICCP',
]);
/** Flags of VP8X that announce EXIF and XMP. */
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;
/** Names and marks of metadata; none may be in what is left when the last length cannot be trusted. */
const MARKS = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'EXIF', 'Exif', 'XMP ', 'ns.adobe.com/xap', 'x:xmpmeta'];

/** Keeps pixels, animation, colour profile and orientation; whatever follows the end of the picture goes too. */
export function stripPng(bytes: Bytes): Remains {
  const view = viewOf(bytes);
  const kept: Chunk[] = [];
  let name = '';
  for (let at = PNG_HEAD_BYTES; at + 8 <= bytes.length && name !== 'IEND';) {
    name = readText(view, at + 4, 4);
    if (!/^[A-Za-z]{4}$/.test(name)) return undefined;
    const end = at + 12 + view.getUint32(at);
    const payload = bytes.subarray(at + 8, end - 4);
    const chunk = { name, bytes: bytes.subarray(at, end), statedBytes: end - at, payload };
    const upright = name === 'eXIf' && isWhole(chunk) ? orientationTag(payload) : undefined;
    if (isPngPicture(name)) kept.push(chunk);
    else if (upright) kept.push(toChunk(name, makePngChunk(name, upright)));
    at = end;
  }
  return collect(bytes.subarray(0, PNG_HEAD_BYTES), kept);
}

/** Keeps pixels, animation, colour profile and orientation, and sets sizes and flags right. */
export function stripWebp(bytes: Bytes): Remains {
  if (bytes.length < RIFF_HEAD_BYTES) return undefined;
  const view = viewOf(bytes);
  const limit = Math.min(8 + view.getUint32(4, true), bytes.length);
  const kept: Chunk[] = [];
  for (let at = RIFF_HEAD_BYTES; at + 8 <= limit;) {
    const name = readText(view, at, 4);
    const length = view.getUint32(at + 4, true);
    const padded = at + 8 + length + (length % 2);
    // Some writers leave out the last padding byte.
    const end = padded === limit + 1 && length % 2 === 1 ? limit : padded;
    const payload = bytes.subarray(at + 8, Math.min(at + 8 + length, limit));
    const chunk = { name, bytes: bytes.subarray(at, Math.min(end, limit)), statedBytes: end - at, payload };
    const upright = name === 'EXIF' && isWhole(chunk) ? orientationTag(payload) : undefined;
    if (WEBP_PICTURE_CHUNKS.has(name)) kept.push(chunk);
    else if (upright) kept.push(toChunk(name, makeWebpChunk(name, upright)));
    at = end;
  }
  const head = bytes.slice(0, RIFF_HEAD_BYTES);
  const keptBytes = kept.reduce((sum, { statedBytes }) => sum + statedBytes, 0);
  viewOf(head).setUint32(4, RIFF_HEAD_BYTES - 8 + keptBytes, true);
  const flags = kept.some(({ name }) => name === 'EXIF') ? XMP_FLAG : XMP_FLAG | EXIF_FLAG;
  return collect(
    head,
    kept.map((chunk) => (chunk.name === 'VP8X' ? clearFlags(chunk, flags) : chunk)),
  );
}

function isWhole({ bytes, statedBytes }: Chunk): boolean {
  return bytes.length === statedBytes;
}

function isPngPicture(name: string): boolean {
  // A capital first letter: no decoder may skip the chunk.
  return /^[A-Z]/.test(name) || PNG_PICTURE_CHUNKS.has(name);
}

function collect(head: Bytes, kept: readonly Chunk[]): Remains {
  const last = kept.at(-1);
  // A length that leads out of the file is that of a cut off picture, or a lie that hides what comes behind.
  if (!last || (!isWhole(last) && containsText(last.bytes, MARKS))) return undefined;
  return [head, ...kept.map(({ bytes }) => bytes)];
}

/** A chunk made here. */
function toChunk(name: string, bytes: Bytes): Chunk {
  return { name, bytes, statedBytes: bytes.length, payload: bytes.subarray(8) };
}

function clearFlags(chunk: Chunk, flags: number): Chunk {
  const bytes = chunk.bytes.slice();
  if (bytes.length > 8) bytes[8] = (bytes[8] ?? 0) & ~flags;
  return { ...chunk, bytes };
}
