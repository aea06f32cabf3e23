// AVIF and HEIC: whether anything but the picture is inside. Whatever is not known to be picture counts as metadata.
// ISO/IEC 14496-12 (boxes, items, tracks) and ISO/IEC 23008-12 (images)
import { type Box, readBox } from './isobmff-boxes.js';
import { readText } from './read-text.js';

/** Harmless boxes, by the box that they are in; everything inside those without an entry of their own is harmless too. */
export const HARMLESS: Readonly<Record<string, string>> = {
  file: 'ftyp meta mdat free skip moov',
  meta: 'hdlr pitm iloc iinf iprp iref idat grpl dinf free',
  iinf: 'infe',
  moov: 'mvhd trak free',
  trak: 'tkhd edts tref mdia free',
  mdia: 'mdhd hdlr minf free',
};
/** Coded pictures, and pictures made of others. */
const PICTURE_ITEMS: ReadonlySet<string> = new Set('hvc1 lhv1 av01 grid iden iovl tmap'.split(' '));
const PICTURE_TRACKS: ReadonlySet<string> = new Set(['pict', 'auxv', 'vide']);

/** @param bytes - The whole file: metadata may be at its end. */
export function carriesMetadata(bytes: DataView): boolean {
  return !isHarmless(bytes, wholeFile(bytes));
}

/** The place that the first boxes are in. */
export function wholeFile(bytes: DataView): Box {
  return { type: 'file', nameAt: 0, start: 0, end: bytes.byteLength };
}

function isHarmless(bytes: DataView, box: Box): boolean {
  if (box.type === 'infe') return isPictureItem(bytes, box);
  const allowed = HARMLESS[box.type]?.split(' ');
  if (!allowed) return true;
  const children = listChildren(bytes, box);
  return (
    children !== undefined &&
    children.every((child) => allowed.includes(child.type) && isHarmless(bytes, child)) &&
    (box.type !== 'mdia' || hasPictures(bytes, children))
  );
}

/** @returns Undefined when the boxes inside do not fill their place exactly. */
export function listChildren(bytes: DataView, box: Box): readonly Box[] | undefined {
  return listBoxes(bytes, { ...box, start: box.start + headBytes(bytes, box) });
}

/** Bytes between a box's own header and the first box inside: version and flags, in `iinf` a count too. */
function headBytes(bytes: DataView, { type, start, end }: Box): number {
  if (type === 'meta') return 4;
  if (type !== 'iinf') return 0;
  return start < end && bytes.getUint8(start) === 0 ? 6 : 8;
}

function listBoxes(bytes: DataView, { start, end }: Box): readonly Box[] | undefined {
  const boxes: Box[] = [];
  let at = start;
  while (at + 8 <= end) {
    const box = readBox(bytes, at, end);
    if (box.end < box.start || box.end > end) return undefined;
    boxes.push(box);
    at = box.end;
  }
  return at === end ? boxes : undefined;
}

/** Items are named since version 2: before the name come an id of two or four bytes and a protection index. */
export function isPictureItem(bytes: DataView, { start, end }: Box): boolean {
  const version = start < end ? bytes.getUint8(start) : 0;
  const at = start + (version === 2 ? 8 : 10);
  return (version === 2 || version === 3) && at + 4 <= end && PICTURE_ITEMS.has(readText(bytes, at, 4));
}

export function hasPictures(bytes: DataView, children: readonly Box[]): boolean {
  const handler = children.find(({ type }) => type === 'hdlr');
  return handler !== undefined && PICTURE_TRACKS.has(readText(bytes, handler.start + 8, 4));
}
