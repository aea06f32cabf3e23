// Whether the browser's decoder really leaves out what a smaller picture does not need. Where it does not, a huge photo
// would take a gigabyte.

const SIDE = 16;
const HALF = SIDE / 2;

let answer: Promise<boolean> | undefined;

/** Tried once, with a JPEG of 16 × 16 pixels. */
export function scalesJpeg(): Promise<boolean> {
  answer ??= tryIt().catch(() => false);
  return answer;
}

async function tryIt(): Promise<boolean> {
  const size = { desiredWidth: HALF, desiredHeight: HALF };
  const decoder = new ImageDecoder({ data: makeGreyJpeg(), type: 'image/jpeg', ...size });
  try {
    const { image } = await decoder.decode();
    const { displayWidth } = image;
    image.close();
    return displayWidth === HALF;
  } finally {
    decoder.close();
  }
}

/**
 * One component of four blocks, each of two bits: no step of brightness, no detail.
 * https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B)
 */
function makeGreyJpeg(): Uint8Array<ArrayBuffer> {
  const start = [0xff, 0xd8];
  const divisors = [0xff, 0xdb, 0, 67, 0, ...fill(64, 1)];
  const frame = [0xff, 0xc0, 0, 11, 8, 0, SIDE, 0, SIDE, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0];
  const end = [0xff, 0xd9];
  return Uint8Array.from([start, divisors, frame, oneCode(0x00), oneCode(0x10), scan, end].flat());
}

/** A table whose only code is one bit long, and stands for zero. */
function oneCode(table: number): readonly number[] {
  return [0xff, 0xc4, 0, 20, table, 1, ...fill(15, 0), 0];
}

function fill(count: number, value: number): readonly number[] {
  return Array.from({ length: count }, () => value);
}
