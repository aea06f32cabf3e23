// TIFF, and the raw formats of cameras that are built like it: a directory of tags, in which metadata and picture are one.
// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (section 2)
import type { ImageFacts } from '../image-facts.js';

/** `II*\0` and `MM\0*`, and the same with the number of BigTIFF. */
const SIGNATURES: ReadonlySet<number> = new Set([0x49492a00, 0x4d4d002a, 0x49492b00, 0x4d4d002b]);

export function readTiff(bytes: DataView): ImageFacts | undefined {
  if (bytes.byteLength < 4 || !SIGNATURES.has(bytes.getUint32(0))) return undefined;
  return {
    kind: 'tiff',
    width: null,
    height: null,
    orientation: 1,
    hasAlpha: true,
    isAnimated: false,
    hasMetadata: true,
    profile: 'none',
    bitDepth: null,
    isCmyk: false,
  };
}
