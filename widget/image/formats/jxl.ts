// JPEG XL, bare or in boxes: the first bits of the picture say its size, and which way up it is.
// ISO/IEC 18181-1 (D.2, D.3) and ISO/IEC 18181-2
import type { ImageFacts } from '../image-facts.js';
import { toOrientation } from './exif.js';
import { walkBoxes } from './isobmff-boxes.js';

const SIGNATURE_BOX = [0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20, 13, 10, 0x87, 10];
/** Width by height, in the order of the format. */
const RATIOS = [1, 6 / 5, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2];
const SIZE_BITS = [9, 13, 18, 30];
/** Number of the part, in front of a picture that comes in parts. */
const PART_BYTES = 4;

type Shape = Pick<ImageFacts, 'width' | 'height' | 'orientation'>;

const UNKNOWN_SHAPE: Shape = { width: null, height: null, orientation: 1 };

/** Colours and transparency are packed: the answers are the careful ones. */
export function readJxl(bytes: DataView): ImageFacts | undefined {
  const shape = isBareJxl(bytes) ? readShape(bytes, 2) : readBoxedShape(bytes);
  return (
    shape && {
      kind: 'jxl',
      ...shape,
      hasAlpha: true,
      isAnimated: false,
      hasMetadata: true,
      profile: 'other',
      bitDepth: null,
      isCmyk: false,
    }
  );
}

/** Whether there are no boxes, and so no room for metadata. */
export function isBareJxl(bytes: DataView): boolean {
  return isPicture(bytes, 0);
}

function readBoxedShape(bytes: DataView): Shape | undefined {
  const isBoxed =
    bytes.byteLength >= SIGNATURE_BOX.length &&
    SIGNATURE_BOX.every((byte, at) => bytes.getUint8(at) === byte);
  if (!isBoxed) return undefined;
  for (const { type, start } of walkBoxes(bytes, 0, bytes.byteLength)) {
    const at = type === 'jxlp' ? start + PART_BYTES : start;
    if ((type === 'jxlc' || type === 'jxlp') && isPicture(bytes, at)) return readShape(bytes, at + 2);
  }
  return UNKNOWN_SHAPE;
}

function isPicture(bytes: DataView, at: number): boolean {
  return at + 2 <= bytes.byteLength && bytes.getUint16(at) === 0xff0a;
}

function readShape(bytes: DataView, start: number): Shape {
  // None takes more bytes.
  if (start + 10 > bytes.byteLength) return UNKNOWN_SHAPE;
  let at = 0;
  const read = (bits: number) => {
    let value = 0;
    for (const first = at; at < first + bits; at += 1)
      value += ((bytes.getUint8(start + (at >> 3)) >> (at & 7)) & 1) * 2 ** (at - first);
    return value;
  };
  const isSmall = read(1) === 1;
  const readSide = () => (isSmall ? (read(5) + 1) * 8 : read(SIZE_BITS[read(2)] ?? 9) + 1);
  const height = readSide();
  const ratio = read(3);
  const width = ratio === 0 ? readSide() : Math.floor(height * (RATIOS[ratio - 1] ?? 1));
  const isDefault = read(1) === 1;
  const isTold = !isDefault && read(1) === 1;
  return { width, height, orientation: toOrientation(isTold ? read(3) + 1 : 1) };
}
