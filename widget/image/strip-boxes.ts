// Blanks the metadata of AVIF and HEIC in its place: pictures are found by their offsets, so nothing may move. Pure.
// ISO/IEC 14496-12 (8.11) and ISO/IEC 23008-12 (annex A)
import { type Bytes, viewOf } from './bytes.js';
import { findMeta, locateItem, readItems } from './formats/heif-items.js';
import type { Box } from './formats/isobmff-boxes.js';
import { HARMLESS, hasPictures, isPictureItem, listChildren, wholeFile } from './formats/isobmff-metadata.js';
import type { Remains } from './strip-chunks.js';

/** What readers skip, box or item. */
const BLANK_NAME = [0x66, 0x72, 0x65, 0x65];
const METADATA_ITEMS: ReadonlySet<string> = new Set(['Exif', 'mime']);
/** Boxes whose unknown parts nobody can do without. */
const RIGID: ReadonlySet<string> = new Set(['iinf', 'mdia']);

/** @returns Undefined when something is inside that is neither picture nor known to be in nobody's way. */
export function stripHeif(bytes: Bytes): Remains {
  const blanked = bytes.slice();
  const file = wholeFile(viewOf(blanked));
  if (!blankItems(blanked) || !blankBoxes(blanked, file)) return undefined;
  const allowed = (HARMLESS['file'] ?? '').split(' ');
  const end = listChildren(viewOf(bytes), file)?.findLast(({ type }) => allowed.includes(type))?.end;
  return end === undefined ? undefined : [blanked.subarray(0, end)];
}

/** EXIF and XMP are items like the picture. */
function blankItems(bytes: Bytes): boolean {
  const view = viewOf(bytes);
  const meta = findMeta(view);
  const items = meta ? readItems(view, meta) : [];
  for (const { id, type } of items) {
    if (!METADATA_ITEMS.has(type)) continue;
    const extent = meta && locateItem(view, meta, id);
    if (!extent) return false;
    bytes.fill(0, extent.start, extent.end);
  }
  return true;
}

function blankBoxes(bytes: Bytes, box: Box): boolean {
  const view = viewOf(bytes);
  if (box.type === 'infe') return isPictureItem(view, box) || blankItemName(bytes, box);
  const allowed = HARMLESS[box.type]?.split(' ');
  if (!allowed) return true;
  const children = listChildren(view, box);
  if (!children || (box.type === 'mdia' && !hasPictures(view, children))) return false;
  for (const child of children) {
    const isKnown = allowed.includes(child.type);
    if (isKnown ? !blankBoxes(bytes, child) : RIGID.has(box.type)) return false;
    if (isKnown) continue;
    bytes.set(BLANK_NAME, child.nameAt);
    bytes.fill(0, child.start, child.end);
  }
  return true;
}

/** An entry whose item was blanked is renamed, so that nobody looks for EXIF in zeros. */
function blankItemName(bytes: Bytes, { start, end }: Box): boolean {
  const version = bytes[start] ?? 0;
  const at = start + (version === 2 ? 8 : 10);
  if ((version !== 2 && version !== 3) || at + 4 > end) return false;
  const name = String.fromCharCode(...bytes.subarray(at, at + 4));
  if (!METADATA_ITEMS.has(name)) return false;
  bytes.set(BLANK_NAME, at);
  return true;
}
