// GIF: counts frames as far as the bytes reach.
// https://www.w3.org/Graphics/GIF/spec-gif89a.txt
import type { ImageFacts } from '../image-facts.js';
import { readText } from './read-text.js';

/** Signature, size, and what is said of the colours. */
export const HEAD_BYTES = 13;
export const IMAGE = 0x2c;
export const EXTENSION = 0x21;
export const TRAILER = 0x3b;

export function readGif(bytes: DataView): ImageFacts | undefined {
  if (!/^GIF8[79]a$/.test(readText(bytes, 0, 6)) || bytes.byteLength < HEAD_BYTES) return undefined;
  return {
    kind: 'gif',
    width: bytes.getUint16(6, true) || null,
    height: bytes.getUint16(8, true) || null,
    orientation: 1,
    hasAlpha: true,
    isAnimated: !isSingleFrame(bytes),
    hasMetadata: false,
    profile: 'none',
    bitDepth: 8,
    isCmyk: false,
  };
}

/** True only when the whole file was seen and holds one frame. */
function isSingleFrame(bytes: DataView): boolean {
  let at = HEAD_BYTES + colourTableBytes(bytes.getUint8(10));
  let frames = 0;
  while (at < bytes.byteLength) {
    const block = bytes.getUint8(at);
    if (block === TRAILER) return frames === 1;
    if (block === EXTENSION) at = skipBlocks(bytes, at + 2);
    else if (block === IMAGE && at + 10 < bytes.byteLength) {
      frames += 1;
      at = skipBlocks(bytes, at + 11 + colourTableBytes(bytes.getUint8(at + 9)));
    } else return false;
  }
  return false;
}

/** @param flags - Of the screen or of a frame. */
export function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Offset behind a chain of sub-blocks, each led by its length; an empty one ends it. */
export function skipBlocks(bytes: DataView, start: number): number {
  let at = start;
  while (at < bytes.byteLength && bytes.getUint8(at) !== 0) at += 1 + bytes.getUint8(at);
  return at + 1;
}
