// What the `meta` box of AVIF and HEIC says: which items there are, where they lie, and what is said about them.
// ISO/IEC 14496-12 (8.11) and ISO/IEC 23008-12 (9.3)
import { type Box, findBox, walkBoxes } from './isobmff-boxes.js';
import { readText } from './read-text.js';

export interface HeifItem {
  readonly id: number;
  /** Such as `hvc1`, `av01`, `grid`, `Exif`, `mime`. */
  readonly type: string;
  /** Of items of the type `mime`. */
  readonly contentType: string;
}

/** A piece of the file; exclusive of `end`. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** More than any picture has; a lie about the number must not cost time. */
const MAX_ENTRIES = 20_000;

/** @returns Undefined when the box is absent or cut off. */
export function findMeta(bytes: DataView): Box | undefined {
  const meta = findBox(bytes, 'meta', { start: 0, end: bytes.byteLength });
  // Version and flags come before the boxes inside.
  return meta && { ...meta, start: meta.start + 4 };
}

export function readPrimaryId(bytes: DataView, meta: Box): number | undefined {
  const box = findBox(bytes, 'pitm', meta);
  if (!box || box.end < box.start + 6) return undefined;
  if (bytes.getUint8(box.start) === 0) return bytes.getUint16(box.start + 4);
  return box.end < box.start + 8 ? undefined : bytes.getUint32(box.start + 4);
}

/** Items that have a type, which they have since version 2. */
export function readItems(bytes: DataView, meta: Box): readonly HeifItem[] {
  const box = findBox(bytes, 'iinf', meta);
  if (!box || box.end < box.start + 8) return [];
  const first = box.start + (bytes.getUint8(box.start) === 0 ? 6 : 8);
  const items: HeifItem[] = [];
  for (const { type, start, end } of walkBoxes(bytes, first, box.end)) {
    if (type !== 'infe' || end > box.end || end < start + 12) continue;
    const isLong = bytes.getUint8(start) > 2;
    const at = start + (isLong ? 10 : 8);
    if (at + 4 > end) continue;
    const id = isLong ? bytes.getUint32(start + 4) : bytes.getUint16(start + 4);
    const [, contentType = ''] = readText(bytes, at + 4, Math.min(end - at - 4, 200)).split('\0');
    items.push({ id, type: readText(bytes, at, 4), contentType });
  }
  return items;
}

/** The boxes that describe an item, in the order in which they apply. */
export function readProperties(bytes: DataView, meta: Box, id: number): readonly Box[] {
  const place = findBox(bytes, 'iprp', meta);
  const store = place && findBox(bytes, 'ipco', place);
  const links = place && findBox(bytes, 'ipma', place);
  if (!store || !links || links.end < links.start + 8) return [];
  const properties = [...walkBoxes(bytes, store.start, store.end)].filter(({ end }) => end <= store.end);
  return readLinks(bytes, links, id).flatMap((index) => properties[index - 1] ?? []);
}

function readLinks(bytes: DataView, { start, end }: Box, wanted: number): readonly number[] {
  const isLongId = bytes.getUint8(start) > 0;
  const isWide = (bytes.getUint8(start + 3) & 1) === 1;
  const [idBytes, linkBytes] = [isLongId ? 4 : 2, isWide ? 2 : 1];
  const count = Math.min(bytes.getUint32(start + 4), MAX_ENTRIES);
  let at = start + 8;
  for (let index = 0; index < count && at + idBytes + 1 <= end; index += 1) {
    const id = isLongId ? bytes.getUint32(at) : bytes.getUint16(at);
    const first = at + idBytes + 1;
    const last = Math.min(first + bytes.getUint8(at + idBytes) * linkBytes, end - linkBytes + 1);
    const links: number[] = [];
    for (at = first; at < last; at += linkBytes)
      links.push(isWide ? bytes.getUint16(at) & 0x7fff : bytes.getUint8(at) & 0x7f);
    if (id === wanted) return links;
  }
  return [];
}

/** Where an item lies in the file; undefined when that is not said, or is said in an unusual way. */
export function locateItem(bytes: DataView, meta: Box, wanted: number): Extent | undefined {
  const box = findBox(bytes, 'iloc', meta);
  if (!box || box.end < box.start + 8) return undefined;
  const version = bytes.getUint8(box.start);
  const sizes = bytes.getUint16(box.start + 4);
  const widths = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version > 0 ? sizes & 15 : 0] as const;
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = widths;
  const idBytes = version < 2 ? 2 : 4;
  const read = makeReader(bytes, box.start + 6, box.end);
  const count = Math.min(read(idBytes) ?? 0, MAX_ENTRIES);
  for (let index = 0; index < count; index += 1) {
    const id = read(idBytes);
    const method = version > 0 ? (read(2) ?? 0) & 15 : 0;
    read(2);
    const base = read(baseBytes);
    const extents = read(2);
    if (id === undefined || base === undefined || extents === undefined) return undefined;
    const parts: Extent[] = [];
    for (let extent = 0; extent < extents; extent += 1) {
      read(indexBytes);
      const start = base + (read(offsetBytes) ?? 0);
      const length = read(lengthBytes);
      if (length === undefined) return undefined;
      parts.push({ start, end: start + length });
    }
    if (id === wanted) return parts.length === 1 ? place(bytes, meta, { method, part: parts[0] }) : undefined;
  }
  return undefined;
}

function place(
  bytes: DataView,
  meta: Box,
  { method, part }: { readonly method: number; readonly part: Extent | undefined },
): Extent | undefined {
  const store = method === 1 ? findBox(bytes, 'idat', meta) : { start: 0, end: bytes.byteLength };
  if (!part || !store || method > 1) return undefined;
  const extent = { start: store.start + part.start, end: store.start + part.end };
  return extent.end <= store.end ? extent : undefined;
}

/** Reads unsigned numbers one after the other; those of no width are 0, those behind the end undefined. */
function makeReader(bytes: DataView, start: number, end: number): (width: number) => number | undefined {
  let at = start;
  return (width) => {
    if (at + width > end) return undefined;
    let value = 0;
    for (const last = at + width; at < last; at += 1) value = value * 256 + bytes.getUint8(at);
    return value;
  };
}
