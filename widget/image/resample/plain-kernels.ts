// The resampler's inner loops in plain JavaScript, for pages that allow no WebAssembly: assembly/kernels.ts, bit by bit.
import type { Kernels } from './kernels.js';
import type { Layout } from './layout.js';

interface Views {
  readonly layout: Layout;
  readonly bytes: Uint8ClampedArray;
  readonly shorts: Int16Array;
  readonly ints: Int32Array;
}

/** Of sums of bytes, sums of 16-bit values, and sums of rows: what makes a shift to the right round. */
const HALF_BYTES = 1 << 7;
const HALF_WIDE = 1 << 13;
const HALF_ROWS = 1 << 19;

/** @param memory - Laid out already. */
export function createPlainKernels(memory: ArrayBuffer, layout: Layout): Kernels {
  const views: Views = {
    layout,
    bytes: new Uint8ClampedArray(memory),
    shorts: new Int16Array(memory),
    ints: new Int32Array(memory),
  };
  return {
    memory,
    isOpaque: (rowCount) => isOpaque(views, rowCount),
    premultiply: (rowCount) => premultiply(views, rowCount),
    scaleFourRows(stripRow, scaledRow) {
      for (let row = 0; row < 4; row += 1) scaleRow(views, stripRow + row, scaledRow + row);
    },
    scaleWideRow: (stripRow, scaledRow) => scaleWideRow(views, stripRow, scaledRow),
    sumRows: (y, firstRow, isPremultiplied) => sumRows(views, { y, firstRow, isPremultiplied }),
  };
}

function isOpaque({ layout, bytes }: Views, rowCount: number): number {
  const end = layout.strip + rowCount * layout.stripStride;
  for (let at = layout.strip + 3; at < end; at += 4) if (bytes[at] !== 255) return 0;
  return 1;
}

function premultiply({ layout, bytes, shorts }: Views, rowCount: number): void {
  const count = rowCount * layout.stripStride;
  const { strip } = layout;
  const wide = layout.wide >> 1;
  for (let at = 0; at < count; at += 4) {
    const alpha = (bytes[strip + at + 3] ?? 0) * 16448;
    shorts[wide + at] = ((bytes[strip + at] ?? 0) * alpha + 0x8000) >> 16;
    shorts[wide + at + 1] = ((bytes[strip + at + 1] ?? 0) * alpha + 0x8000) >> 16;
    shorts[wide + at + 2] = ((bytes[strip + at + 2] ?? 0) * alpha + 0x8000) >> 16;
    shorts[wide + at + 3] = (255 * alpha + 0x8000) >> 16;
  }
}

function scaleRow({ layout, bytes, shorts, ints }: Views, stripRow: number, scaledRow: number): void {
  const { columnTaps } = layout;
  const source = layout.strip + stripRow * layout.stripStride;
  const starts = layout.columnStarts >> 2;
  let weight = layout.columnWeights >> 1;
  let out = (layout.rows + scaledRow * layout.rowStride) >> 1;
  for (let x = 0; x < layout.targetWidth; x += 1, out += 4) {
    let at = source + (ints[starts + x] ?? 0);
    let red = HALF_BYTES;
    let green = HALF_BYTES;
    let blue = HALF_BYTES;
    let alpha = HALF_BYTES;
    for (const end = weight + columnTaps; weight < end; weight += 1, at += 4) {
      const factor = shorts[weight] ?? 0;
      red += (bytes[at] ?? 0) * factor;
      green += (bytes[at + 1] ?? 0) * factor;
      blue += (bytes[at + 2] ?? 0) * factor;
      alpha += (bytes[at + 3] ?? 0) * factor;
    }
    shorts[out] = red >> 8;
    shorts[out + 1] = green >> 8;
    shorts[out + 2] = blue >> 8;
    shorts[out + 3] = alpha >> 8;
  }
}

function scaleWideRow({ layout, shorts, ints }: Views, stripRow: number, scaledRow: number): void {
  const { columnTaps } = layout;
  const source = (layout.wide >> 1) + stripRow * layout.stripStride;
  const starts = layout.columnStarts >> 2;
  let weight = layout.columnWeights >> 1;
  let out = (layout.rows + scaledRow * layout.rowStride) >> 1;
  for (let x = 0; x < layout.targetWidth; x += 1, out += 4) {
    let at = source + (ints[starts + x] ?? 0);
    let red = HALF_WIDE;
    let green = HALF_WIDE;
    let blue = HALF_WIDE;
    let alpha = HALF_WIDE;
    for (const end = weight + columnTaps; weight < end; weight += 1, at += 4) {
      const factor = shorts[weight] ?? 0;
      red += (shorts[at] ?? 0) * factor;
      green += (shorts[at + 1] ?? 0) * factor;
      blue += (shorts[at + 2] ?? 0) * factor;
      alpha += (shorts[at + 3] ?? 0) * factor;
    }
    shorts[out] = red >> 14;
    shorts[out + 1] = green >> 14;
    shorts[out + 2] = blue >> 14;
    shorts[out + 3] = alpha >> 14;
  }
}

interface RowSum {
  readonly y: number;
  readonly firstRow: number;
  readonly isPremultiplied: number;
}

function sumRows({ layout, bytes, shorts }: Views, { y, firstRow, isPremultiplied }: RowSum): void {
  const stride = layout.rowStride >> 1;
  const source = (layout.rows >> 1) + firstRow * stride;
  const weights = (layout.rowWeights >> 1) + y * layout.rowTaps;
  const end = weights + layout.rowTaps;
  for (let x = 0; x < layout.targetWidth * 4; x += 4) {
    let red = HALF_ROWS;
    let green = HALF_ROWS;
    let blue = HALF_ROWS;
    let alpha = HALF_ROWS;
    for (let weight = weights, at = source + x; weight < end; weight += 1, at += stride) {
      const factor = shorts[weight] ?? 0;
      red += (shorts[at] ?? 0) * factor;
      green += (shorts[at + 1] ?? 0) * factor;
      blue += (shorts[at + 2] ?? 0) * factor;
      alpha += (shorts[at + 3] ?? 0) * factor;
    }
    const out = layout.output + x;
    bytes[out] = isPremultiplied ? divide(red, alpha) : red >> 20;
    bytes[out + 1] = isPremultiplied ? divide(green, alpha) : green >> 20;
    bytes[out + 2] = isPremultiplied ? divide(blue, alpha) : blue >> 20;
    bytes[out + 3] = alpha >> 20;
  }
}

/** A colour's rounded sum, divided by alpha's, in levels; 32-bit floats as in WebAssembly. */
function divide(colour: number, alpha: number): number {
  if (alpha < 1 << 20) return 0;
  const product = Math.fround(Math.fround(colour - HALF_ROWS) * 255);
  const quotient = Math.fround(product / Math.fround(alpha - HALF_ROWS));
  return Math.trunc(Math.fround(quotient + 0.5));
}
