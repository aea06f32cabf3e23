// TIFF, and the raw formats of cameras that are built like it: a directory of tags, in which metadata and picture are one.
// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (sections 2 and 8)
import type { ImageFacts } from '../image-facts.js';
import { readFirstDirectory, readNumber } from '../metadata/tiff-directory.js';
import { readIcc } from './colour.js';
import { readExifOrientation } from './exif.js';

/** `II*\0` and `MM\0*`, and the same with the number of BigTIFF. */
const SIGNATURES: ReadonlySet<number> = new Set([0x49492a00, 0x4d4d002a, 0x49492b00, 0x4d4d002b]);
const [SUBFILE, WIDTH, HEIGHT, BITS, PHOTOMETRIC, ICC] = [0xfe, 0x0100, 0x0101, 0x0102, 0x0106, 0x8773];
/** Of the subfile: a smaller version of another picture, as raw photos put first. */
const IS_REDUCED = 1;
const CMYK = 5;

/** Sizes are known where the directory comes first; many writers put it last. */
export function readTiff(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 4 || !SIGNATURES.has(bytes.getUint32(0))) return undefined;
  const directory = readFirstDirectory(bytes);
  const read = (tag: number) => (directory ? readNumber(bytes, directory, tag) : undefined);
  const isMain = ((read(SUBFILE) ?? 0) & IS_REDUCED) === 0;
  const icc = directory?.entries.find(({ tag }) => tag === ICC);
  return {
    kind: 'tiff',
    width: (isMain && read(WIDTH)) || null,
    height: (isMain && read(HEIGHT)) || null,
    orientation: readExifOrientation(bytes),
    hasAlpha: true,
    isAnimated: false,
    hasMetadata: true,
    profile: icc
      ? readIcc(new DataView(bytes.buffer, bytes.byteOffset + icc.valueAt, icc.valueEnd - icc.valueAt))
      : 'none',
    bitDepth: read(BITS) ?? null,
    isCmyk: read(PHOTOMETRIC) === CMYK,
  };
}
