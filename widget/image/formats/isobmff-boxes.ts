// The boxes that AVIF, HEIC, MP4 and JPEG XL are made of: a length, a name, and what is inside.
// ISO/IEC 14496-12 (4.2)
import { readText } from './read-text.js';

export interface Box {
  readonly type: string;
  /** Offset of the name. */
  readonly nameAt: number;
  /** Of the payload. */
  readonly start: number;
  readonly end: number;
}

/** Boxes that a place holds, as far as they make sense; the last one may lead out of it. */
export function* walkBoxes(bytes: DataView, start: number, end: number): Generator<Box> {
  const limit = Math.min(end, bytes.byteLength);
  let at = start;
  while (at + 8 <= limit) {
    const box = readBox(bytes, at, limit);
    if (box.end < box.start) return;
    yield box;
    at = box.end;
  }
}

/** @returns Undefined when there is none, or it does not fit into its place. */
export function findBox(bytes: DataView, type: string, { start, end }: Pick<Box, 'start' | 'end'>) {
  for (const box of walkBoxes(bytes, start, end)) {
    if (box.type === type) return box.end <= Math.min(end, bytes.byteLength) ? box : undefined;
  }
  return undefined;
}

/** @param limit - Where a box ends that is open. @returns A box whose end lies before its start when it is cut off. */
export function readBox(bytes: DataView, at: number, limit: number): Box {
  const type = readText(bytes, at + 4, 4);
  const size = bytes.getUint32(at);
  const nameAt = at + 4;
  // 0: up to the end. 1: the size is too large for 32 bits and follows.
  if (size === 0) return { type, nameAt, start: at + 8, end: limit };
  if (size !== 1) return { type, nameAt, start: at + 8, end: at + size };
  if (at + 16 > limit) return { type, nameAt, start: at + 16, end: at };
  return { type, nameAt, start: at + 16, end: at + Number(bytes.getBigUint64(at + 8)) };
}
