// Takes the metadata out of a JPEG XL: the boxes that are none of the picture's go. Pure.
// ISO/IEC 18181-2
import { type Bytes, viewOf } from './bytes.js';
import { walkBoxes } from './formats/isobmff-boxes.js';
import { isBareJxl } from './formats/jxl.js';
import type { Remains } from './strip-chunks.js';

/** What makes the JPEG again that it was made of is not among them: that has comments of its own. */
const PICTURE_BOXES: ReadonlySet<string> = new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp', 'jxli']);

/** The picture says itself which way up it is. @returns Undefined when a box leads out of the file, or there is no picture. */
export function stripJxl(bytes: Bytes): Remains {
  const view = viewOf(bytes);
  if (isBareJxl(view)) return [bytes];
  const boxes = [...walkBoxes(view, 0, bytes.length)];
  const hasPicture = boxes.some(({ type }) => type === 'jxlc' || type === 'jxlp');
  if (!hasPicture || boxes.some(({ end }) => end > bytes.length)) return undefined;
  return boxes
    .filter(({ type }) => PICTURE_BOXES.has(type))
    .map(({ nameAt, end }) => bytes.subarray(nameAt - 4, end));
}
