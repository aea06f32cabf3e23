// Takes the metadata out of PNG and WebP without touching a pixel: both are rows of named chunks, and those that say
// nothing about how the picture looks are left out. Pure. https://www.w3.org/TR/png-3/ and
// https://developers.google.com/speed/webp/docs/riff_container
import { containsText } from './contains-text.js';
import { readText } from './formats/read-text.js';

/** What remains of a file, in order; undefined when nobody can say what would remain. */
export type Remains = readonly Bytes[] | undefined;

/** Of a buffer of their own, as blobs want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

interface Chunk {
  readonly name: string;
  readonly start: number;
  /** Exclusive; beyond the last byte when the file is cut off. */
  readonly end: number;
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
const WEBP_METADATA_FLAGS = 0x0c;
/** Names and marks of metadata; none may be in what is left when the last length cannot be trusted. */
const MARKS = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'EXIF', 'Exif', 'XMP ', 'ns.adobe.com/xap', 'x:xmpmeta'];

/** Keeps pixels, animation and colour profile; whatever follows the end of the picture goes too. */
export function stripPng(bytes: Bytes): Remains {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  for (let at = PNG_HEAD_BYTES; at + 8 <= bytes.length && chunks.at(-1)?.name !== 'IEND';) {
    const chunk = { name: readText(view, at + 4, 4), start: at, end: at + 12 + view.getUint32(at) };
    if (!/^[A-Za-z]{4}$/.test(chunk.name)) return undefined;
    chunks.push(chunk);
    at = chunk.end;
  }
  return collect(bytes, bytes.subarray(0, PNG_HEAD_BYTES), chunks.filter(isPngPicture));
}

/** Keeps pixels, animation and colour profile, and sets size and flags right. */
export function stripWebp(bytes: Bytes): Remains {
  if (bytes.length < RIFF_HEAD_BYTES) return undefined;
  const view = viewOf(bytes);
  const fileEnd = 8 + view.getUint32(4, true);
  const limit = Math.min(fileEnd, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = RIFF_HEAD_BYTES; at + 8 <= limit;) {
    const length = view.getUint32(at + 4, true);
    const chunk = { name: readText(view, at, 4), start: at, end: at + 8 + length + (length % 2) };
    // Some writers leave out the last padding byte.
    const isLast = chunk.end === limit + 1 && length % 2 === 1;
    chunks.push(isLast ? { ...chunk, end: limit } : chunk);
    at = chunk.end;
  }
  const kept = chunks.filter(({ name }) => WEBP_PICTURE_CHUNKS.has(name));
  const head = bytes.slice(0, RIFF_HEAD_BYTES);
  const keptBytes = kept.reduce((sum, { start, end }) => sum + end - start, 0);
  viewOf(head).setUint32(4, RIFF_HEAD_BYTES - 8 + keptBytes, true);
  const [first, ...others] = collect(bytes.subarray(0, limit), head, kept) ?? [];
  return first && [first, ...others.map(clearFlags)];
}

function isPngPicture({ name }: Chunk): boolean {
  // A capital first letter: no decoder may skip the chunk.
  return /^[A-Z]/.test(name) || PNG_PICTURE_CHUNKS.has(name);
}

function collect(bytes: Bytes, head: Bytes, kept: readonly Chunk[]): Remains {
  const parts = kept.map(({ start, end }) => bytes.subarray(start, end));
  // A length that leads out of the file is that of a cut off picture, or a lie that hides what comes behind.
  const isCutOff = (kept.at(-1)?.end ?? 0) > bytes.length;
  if (parts.length === 0 || (isCutOff && parts.slice(-1).some((part) => containsText(part, MARKS))))
    return undefined;
  return [head, ...parts];
}

function clearFlags(chunk: Bytes): Bytes {
  if (readText(viewOf(chunk), 0, 4) !== 'VP8X' || chunk.length < 9) return chunk;
  const cleared = chunk.slice();
  cleared[8] = (chunk[8] ?? 0) & ~WEBP_METADATA_FLAGS;
  return cleared;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
