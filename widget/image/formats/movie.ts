// MP4 and QuickTime: the brand tells which, the track's header how large it is shown.
// ISO/IEC 14496-12 (8.3.2) and https://developer.apple.com/documentation/quicktime-file-format
import { type Box, walkBoxes } from './isobmff-boxes.js';
import { readBrands } from './isobmff.js';
import { type PixelSize, UNKNOWN_SIZE } from './pixel-size.js';
import { readText } from './read-text.js';

const MP4_BRAND = /^(?:isom|iso\d|mp4\d|avc1|hvc1|M4[VAPB] |MSNV|dash|f4v |3g[\dp2]|mmp4|XAVC|cmf)/;
/** What a film begins with that was made before there were brands. */
const FIRST_BOXES: ReadonlySet<string> = new Set(['moov', 'mdat', 'wide', 'pnot']);
const PARENTS: ReadonlySet<string> = new Set(['moov', 'trak']);
const TRACK_HEADER_BYTES = 84;
/** Numbers of 64 bits instead of 32 make it longer. */
const LONG_HEADER_EXTRA = 12;

/** @returns Undefined when it is neither. */
export function readMovie(bytes: DataView): ({ readonly kind: 'mp4' | 'mov' } & PixelSize) | undefined {
  if (bytes.byteLength < 12) return undefined;
  const first = readText(bytes, 4, 4);
  if (first !== 'ftyp') return FIRST_BOXES.has(first) ? { kind: 'mov', ...readSize(bytes) } : undefined;
  const brands = readBrands(bytes);
  if (brands[0] === 'qt  ') return { kind: 'mov', ...readSize(bytes) };
  return brands.some((brand) => MP4_BRAND.test(brand)) ? { kind: 'mp4', ...readSize(bytes) } : undefined;
}

/** Tracks of sound have no size. */
function readSize(bytes: DataView): PixelSize {
  for (const box of walkTracks(bytes, 0, bytes.byteLength)) {
    const extra = box.start < bytes.byteLength && bytes.getUint8(box.start) === 1 ? LONG_HEADER_EXTRA : 0;
    const at = box.start + extra;
    if (at + TRACK_HEADER_BYTES > bytes.byteLength) continue;
    const [width, height] = [bytes.getUint16(at + 76), bytes.getUint16(at + 80)];
    // The matrix of a film that was made upright has nothing on its diagonal.
    const isTurned = bytes.getInt32(at + 40) === 0 && bytes.getInt32(at + 44) !== 0;
    if (width > 0 && height > 0) return isTurned ? { width: height, height: width } : { width, height };
  }
  return UNKNOWN_SIZE;
}

function* walkTracks(bytes: DataView, start: number, end: number): Generator<Box> {
  for (const box of walkBoxes(bytes, start, end)) {
    if (box.type === 'tkhd') yield box;
    else if (PARENTS.has(box.type)) yield* walkTracks(bytes, box.start, Math.min(box.end, end));
  }
}
