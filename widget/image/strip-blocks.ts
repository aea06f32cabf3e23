// Takes comments and XMP out of a GIF, whose frames are not touched. Pure.
// https://www.w3.org/Graphics/GIF/spec-gif89a.txt
import { type Bytes, viewOf } from './bytes.js';
import { containsText } from './contains-text.js';
import { colourTableBytes, EXTENSION, HEAD_BYTES, IMAGE, skipBlocks, TRAILER } from './formats/gif.js';
import { readText } from './formats/read-text.js';
import type { Remains } from './strip-chunks.js';

const COMMENT = 0xfe;
const APPLICATION = 0xff;
/** How often the film runs, and the colour profile. */
const PICTURE_APPLICATIONS: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);
const MARKS = ['XMP DataXMP', 'x:xmpmeta', 'http://ns.adobe.com/'];

/** @returns Undefined when no frame is found; one that is cut off stays as it is, and what makes no sense ends the film. */
export function stripGif(bytes: Bytes): Remains {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = viewOf(bytes);
  let at = HEAD_BYTES + colourTableBytes(view.getUint8(10));
  const parts = [bytes.subarray(0, at)];
  let hasFrame = false;
  while (at < bytes.length) {
    const block = view.getUint8(at);
    const end = endOf(view, at, block);
    // What follows the end is no picture.
    if (end === undefined) break;
    if (block === IMAGE || isPicture(view, at)) parts.push(bytes.subarray(at, end));
    hasFrame ||= block === IMAGE;
    at = end;
  }
  if (!hasFrame || parts.some((part) => containsText(part, MARKS))) return undefined;
  return at < bytes.length ? [...parts, Uint8Array.of(TRAILER)] : parts;
}

function endOf(view: DataView, at: number, block: number): number | undefined {
  if (block === EXTENSION) return skipBlocks(view, at + 2);
  if (block !== IMAGE) return undefined;
  // Ten bytes of head, perhaps a table of colours, a byte for the size of codes.
  if (at + 10 > view.byteLength) return view.byteLength;
  return skipBlocks(view, at + 11 + colourTableBytes(view.getUint8(at + 9)));
}

function isPicture(view: DataView, at: number): boolean {
  if (at + 2 > view.byteLength) return false;
  const label = view.getUint8(at + 1);
  if (label === APPLICATION) return PICTURE_APPLICATIONS.has(readText(view, at + 3, 11));
  return label !== COMMENT;
}
