// TIFF's directories of tags, which EXIF is made of. Never reads outside, whatever the offsets say.
// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (section 2)

export interface TagEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Offset of the value, which is in the entry itself when it has room there. */
  readonly valueAt: number;
  /** Exclusive. */
  readonly valueEnd: number;
}

export interface Directory {
  readonly start: number;
  /** Exclusive, without the link. */
  readonly end: number;
  readonly entries: readonly TagEntry[];
  /** Offset of the link to the next directory; undefined when it is cut off. */
  readonly linkAt: number | undefined;
}

export const SHORT = 3;
export const LONG = 4;
const ENTRY_BYTES = 12;
/** By type: BYTE, ASCII, SHORT, LONG, RATIONAL, their signed kin, FLOAT, DOUBLE, IFD. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/** @param tiff - From the byte order mark on. */
export function isLittleEndian(tiff: DataView): boolean {
  return tiff.byteLength >= 2 && tiff.getUint16(0) === 0x4949;
}

/** @returns The first directory; undefined when these are no TIFF's bytes. */
export function readFirstDirectory(tiff: DataView): Directory | undefined {
  if (tiff.byteLength < 8) return undefined;
  const isLittle = isLittleEndian(tiff);
  if (!isLittle && tiff.getUint16(0) !== 0x4d4d) return undefined;
  return tiff.getUint16(2, isLittle) === 42 ? readDirectory(tiff, tiff.getUint32(4, isLittle)) : undefined;
}

/** @returns Undefined when the directory lies outside; entries that do are left out. */
export function readDirectory(tiff: DataView, start: number): Directory | undefined {
  if (start < 8 || start + 2 > tiff.byteLength) return undefined;
  const isLittle = isLittleEndian(tiff);
  const count = tiff.getUint16(start, isLittle);
  const end = Math.min(start + 2 + count * ENTRY_BYTES, tiff.byteLength);
  const entries: TagEntry[] = [];
  for (let at = start + 2; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
    const entry = readEntry(tiff, at, isLittle);
    if (entry.valueEnd <= tiff.byteLength) entries.push(entry);
  }
  return { start, end, entries, linkAt: end + 4 <= tiff.byteLength ? end : undefined };
}

function readEntry(tiff: DataView, at: number, isLittle: boolean): TagEntry {
  const type = tiff.getUint16(at + 2, isLittle);
  const count = tiff.getUint32(at + 4, isLittle);
  const length = count * (TYPE_BYTES[type] ?? 1);
  const valueAt = length <= 4 ? at + 8 : tiff.getUint32(at + 8, isLittle);
  return { tag: tiff.getUint16(at, isLittle), type, count, valueAt, valueEnd: valueAt + length };
}

/** The first value of a tag that holds whole numbers. */
export function readNumber(tiff: DataView, directory: Directory, wanted: number): number | undefined {
  const entry = directory.entries.find(({ tag }) => tag === wanted);
  if (!entry || entry.count === 0) return undefined;
  const isLittle = isLittleEndian(tiff);
  if (entry.type === SHORT) return tiff.getUint16(entry.valueAt, isLittle);
  return entry.valueEnd - entry.valueAt >= 4 ? tiff.getUint32(entry.valueAt, isLittle) : undefined;
}

/** The directory that another one's link leads to. */
export function readNextDirectory(tiff: DataView, { linkAt }: Directory): Directory | undefined {
  return linkAt === undefined ? undefined : readDirectory(tiff, tiff.getUint32(linkAt, isLittleEndian(tiff)));
}
