// WebM, and Matroska, of which it is a part: elements inside elements, each led by its name and length.
// https://www.rfc-editor.org/rfc/rfc9559 and https://www.rfc-editor.org/rfc/rfc8794
import { type PixelSize, UNKNOWN_SIZE } from './pixel-size.js';
import { readText } from './read-text.js';

const HEADER = 0x1a45dfa3;
const HEADER_BYTES = 64;
/** Segment, Tracks, TrackEntry, Video. */
const PARENTS: ReadonlySet<number> = new Set([0x18538067, 0x1654ae6b, 0xae, 0xe0]);
const [PIXEL_WIDTH, PIXEL_HEIGHT] = [0xb0, 0xba];

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** @returns Undefined when it is neither. */
export function readWebm(bytes: DataView): ({ readonly kind: 'webm' | 'mkv' } & PixelSize) | undefined {
  if (bytes.byteLength < 4 || bytes.getUint32(0) !== HEADER) return undefined;
  const head = readText(bytes, 4, HEADER_BYTES);
  if (head.includes('matroska')) return { kind: 'mkv', ...readSize(bytes) };
  return head.includes('webm') ? { kind: 'webm', ...readSize(bytes) } : undefined;
}

function readSize(bytes: DataView): PixelSize {
  let size = UNKNOWN_SIZE;
  for (const { id, start, end } of walkElements(bytes, 0, bytes.byteLength)) {
    if (end - start > 4 || (id !== PIXEL_WIDTH && id !== PIXEL_HEIGHT)) continue;
    let value = 0;
    for (let at = start; at < end; at += 1) value = value * 256 + bytes.getUint8(at);
    if (id === PIXEL_WIDTH) size = { ...size, width: value };
    else return { ...size, height: value };
  }
  return UNKNOWN_SIZE;
}

/** Elements without others inside, as far as the bytes reach. */
function* walkElements(bytes: DataView, from: number, to: number): Generator<Element> {
  let at = from;
  while (at < to) {
    const idBytes = widthOf(bytes.getUint8(at));
    const lengthAt = at + idBytes;
    if (idBytes > 4 || lengthAt >= to) return;
    const lengthBytes = widthOf(bytes.getUint8(lengthAt));
    const start = lengthAt + lengthBytes;
    if (lengthBytes > 8 || start > to) return;
    const id = readNumber(bytes, at, lengthAt);
    const mask = 2 ** (7 * lengthBytes);
    const length = readNumber(bytes, lengthAt, start) % mask;
    // All ones: nobody knew the length yet, so it reaches as far as what it is in.
    const end = length === mask - 1 ? to : start + length;
    if (PARENTS.has(id)) yield* walkElements(bytes, start, Math.min(end, to));
    else if (end <= to) yield { id, start, end };
    at = end;
  }
}

/** Bytes of a number, by the zeros that its first one begins with; 9 when it is none. */
function widthOf(first: number): number {
  return Math.clz32(first) - 23;
}

function readNumber(bytes: DataView, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 256 + bytes.getUint8(at);
  return value;
}
