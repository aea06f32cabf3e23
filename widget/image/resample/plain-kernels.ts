// The resampler's inner loops in plain JavaScript, for pages that allow no WebAssembly: those of assembly/, bit by bit.
import type { Kernels } from './kernels.js';
import { GROUP_ROWS, type Layout } from './layout.js';

interface Views {
  readonly layout: Layout;
  readonly bytes: Uint8ClampedArray;
  readonly shorts: Int16Array;
  readonly ints: Int32Array;
}

/** What makes a shift to the right round: of sums in levels, and of those in 64ths of a level. */
const HALF = 1 << 13;
const HALF_WIDE = 1 << 19;

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
    isOpaque: (start, byteCount) => isOpaque(views, start, byteCount),
    averageBoxes: (row, boxHeight) => averageBoxes(views, row, boxHeight),
    averageTransparentBoxes: (row, boxHeight) => averageTransparentBoxes(views, row, boxHeight),
    premultiply: (row, rowCount) => premultiply(views, row, rowCount),
    sumRows(y, firstRow) {
      for (let line = 0; line < GROUP_ROWS; line += 1) sumRow(views, { y: y + line, firstRow, line });
    },
    scaleLines() {
      for (let line = 0; line < GROUP_ROWS; line += 1) scaleLine(views, line);
    },
    scalePlainLines() {
      for (let line = 0; line < GROUP_ROWS; line += 1) scalePlainLine(views, line);
    },
    mergePlanes: () => mergePlanes(views),
    sumWideRows: (y, firstRow) => sumWideRows(views, y, firstRow),
    scaleWideLine: (outputRow) => scaleWideLine(views, outputRow),
  };
}

function isOpaque({ bytes }: Views, start: number, byteCount: number): number {
  for (let at = start + 3; at < start + byteCount; at += 4) if (bytes[at] !== 255) return 0;
  return 1;
}

function averageBoxes({ layout, bytes }: Views, row: number, boxHeight: number): void {
  const { boxStride } = layout;
  let out = layout.rows + row * layout.stride;
  for (let x = 0; x < layout.sourceWidth; x += layout.boxWidth, out += 4) {
    const width = Math.min(layout.boxWidth, layout.sourceWidth - x);
    const pixelCount = width * boxHeight;
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    for (let y = 0, start = layout.boxes + 4 * x; y < boxHeight; y += 1, start += boxStride) {
      for (let at = start; at < start + 4 * width; at += 4) {
        red += bytes[at] ?? 0;
        green += bytes[at + 1] ?? 0;
        blue += bytes[at + 2] ?? 0;
        alpha += bytes[at + 3] ?? 0;
      }
    }
    bytes[out] = roundMean(red / pixelCount);
    bytes[out + 1] = roundMean(green / pixelCount);
    bytes[out + 2] = roundMean(blue / pixelCount);
    bytes[out + 3] = roundMean(alpha / pixelCount);
  }
}

/** With 32-bit floats, as in WebAssembly. */
function roundMean(mean: number): number {
  return Math.trunc(Math.fround(Math.fround(mean) + 0.5));
}

function averageTransparentBoxes({ layout, bytes }: Views, row: number, boxHeight: number): void {
  const { boxStride } = layout;
  let out = layout.rows + row * layout.stride;
  for (let x = 0; x < layout.sourceWidth; x += layout.boxWidth, out += 4) {
    const width = Math.min(layout.boxWidth, layout.sourceWidth - x);
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    for (let y = 0, start = layout.boxes + 4 * x; y < boxHeight; y += 1, start += boxStride) {
      for (let at = start; at < start + 4 * width; at += 4) {
        const share = bytes[at + 3] ?? 0;
        red += (bytes[at] ?? 0) * share;
        green += (bytes[at + 1] ?? 0) * share;
        blue += (bytes[at + 2] ?? 0) * share;
        alpha += share;
      }
    }
    const divisor = Math.max(alpha, 1);
    bytes[out] = Math.trunc(red / divisor + 0.5);
    bytes[out + 1] = Math.trunc(green / divisor + 0.5);
    bytes[out + 2] = Math.trunc(blue / divisor + 0.5);
    bytes[out + 3] = Math.trunc(alpha / (width * boxHeight) + 0.5);
  }
}

function premultiply({ layout, bytes, shorts }: Views, row: number, rowCount: number): void {
  const source = layout.rows + row * layout.stride;
  const target = (layout.wideRows >> 1) + row * layout.stride;
  for (let at = 0; at < rowCount * layout.stride; at += 4) {
    const alpha = (bytes[source + at + 3] ?? 0) * 16448;
    shorts[target + at] = ((bytes[source + at] ?? 0) * alpha + 0x8000) >> 16;
    shorts[target + at + 1] = ((bytes[source + at + 1] ?? 0) * alpha + 0x8000) >> 16;
    shorts[target + at + 2] = ((bytes[source + at + 2] ?? 0) * alpha + 0x8000) >> 16;
    shorts[target + at + 3] = (255 * alpha + 0x8000) >> 16;
  }
}

interface Line {
  readonly y: number;
  readonly firstRow: number;
  readonly line: number;
}

function sumRow({ layout, bytes, shorts, ints }: Views, { y, firstRow, line }: Line): void {
  const { stride } = layout;
  const row = (ints[(layout.rowStarts >> 2) + y] ?? 0) - firstRow;
  const source = layout.rows + row * stride;
  const weights = (layout.rowWeights >> 1) + y * layout.rowTaps;
  const end = weights + layout.rowTaps;
  const out = layout.lines + line * stride;
  for (let x = 0; x < stride; x += 4) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let alpha = HALF;
    for (let weight = weights, at = source + x; weight < end; weight += 1, at += stride) {
      const factor = shorts[weight] ?? 0;
      red += (bytes[at] ?? 0) * factor;
      green += (bytes[at + 1] ?? 0) * factor;
      blue += (bytes[at + 2] ?? 0) * factor;
      alpha += (bytes[at + 3] ?? 0) * factor;
    }
    bytes[out + x] = red >> 14;
    bytes[out + x + 1] = green >> 14;
    bytes[out + x + 2] = blue >> 14;
    bytes[out + x + 3] = alpha >> 14;
  }
}

function scaleLine({ layout, bytes, shorts, ints }: Views, line: number): void {
  const source = layout.lines + line * layout.stride;
  const starts = layout.columnStarts >> 2;
  let weight = layout.columnWeights >> 1;
  let out = layout.output + line * layout.outputStride;
  for (let x = 0; x < layout.targetWidth; x += 1, out += 4) {
    let at = source + (ints[starts + x] ?? 0);
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let alpha = HALF;
    for (const end = weight + layout.columnTaps; weight < end; weight += 1, at += 4) {
      const factor = shorts[weight] ?? 0;
      red += (bytes[at] ?? 0) * factor;
      green += (bytes[at + 1] ?? 0) * factor;
      blue += (bytes[at + 2] ?? 0) * factor;
      alpha += (bytes[at + 3] ?? 0) * factor;
    }
    bytes[out] = red >> 14;
    bytes[out + 1] = green >> 14;
    bytes[out + 2] = blue >> 14;
    bytes[out + 3] = alpha >> 14;
  }
}

function scalePlainLine({ layout, bytes, shorts, ints }: Views, line: number): void {
  const source = layout.lines + line * layout.stride;
  const starts = layout.columnStarts >> 2;
  let weight = layout.columnWeights >> 1;
  const out = layout.output + line * layout.outputStride;
  for (let x = 0; x < layout.targetWidth; x += 1) {
    let at = source + (ints[starts + x] ?? 0);
    let level = HALF;
    for (const end = weight + layout.columnTaps; weight < end; weight += 1, at += 1) {
      level += (bytes[at] ?? 0) * (shorts[weight] ?? 0);
    }
    bytes[out + x] = level >> 14;
  }
}

function mergePlanes({ layout, bytes }: Views): void {
  const colours = layout.rows + layout.stride;
  for (let x = 0, out = layout.output; x < layout.targetWidth; x += 1, out += 4) {
    // In 16ths of a level; half a level more, so that the rest is cut off rightly.
    const light = ((bytes[layout.rows + x] ?? 0) << 4) + 8;
    const blueness = ((bytes[colours + (x >> 1)] ?? 0) - 128) << 4;
    const redness = ((bytes[colours + layout.stride + (x >> 1)] ?? 0) - 128) << 4;
    bytes[out] = (light + redness + share(redness, 13_173)) >> 4;
    bytes[out + 1] = (light + share(blueness, -11_277) + share(redness, -23_401)) >> 4;
    bytes[out + 2] = (light + 2 * blueness + share(blueness, -7471)) >> 4;
    bytes[out + 3] = 255;
  }
}

/** So many 32 768ths. */
function share(value: number, parts: number): number {
  return (value * parts + 0x4000) >> 15;
}

function sumWideRows({ layout, shorts, ints }: Views, y: number, firstRow: number): void {
  const { stride } = layout;
  const row = (ints[(layout.rowStarts >> 2) + y] ?? 0) - firstRow;
  const source = (layout.wideRows >> 1) + row * stride;
  const weights = (layout.rowWeights >> 1) + y * layout.rowTaps;
  const end = weights + layout.rowTaps;
  const out = layout.lines >> 1;
  for (let x = 0; x < stride; x += 1) {
    let sum = HALF;
    for (let weight = weights, at = source + x; weight < end; weight += 1, at += stride) {
      sum += (shorts[at] ?? 0) * (shorts[weight] ?? 0);
    }
    shorts[out + x] = Math.max(0, Math.min(255 << 6, sum >> 14));
  }
}

function scaleWideLine({ layout, bytes, shorts, ints }: Views, outputRow: number): void {
  const source = layout.lines >> 1;
  const starts = layout.columnStarts >> 2;
  let weight = layout.columnWeights >> 1;
  let out = layout.output + outputRow * layout.outputStride;
  for (let x = 0; x < layout.targetWidth; x += 1, out += 4) {
    let at = source + (ints[starts + x] ?? 0);
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    for (const end = weight + layout.columnTaps; weight < end; weight += 1, at += 4) {
      const factor = shorts[weight] ?? 0;
      red += (shorts[at] ?? 0) * factor;
      green += (shorts[at + 1] ?? 0) * factor;
      blue += (shorts[at + 2] ?? 0) * factor;
      alpha += (shorts[at + 3] ?? 0) * factor;
    }
    bytes[out] = divide(red, alpha);
    bytes[out + 1] = divide(green, alpha);
    bytes[out + 2] = divide(blue, alpha);
    bytes[out + 3] = (alpha + HALF_WIDE) >> 20;
  }
}

/** A colour's sum, divided by alpha's, in levels; with 32-bit floats, as in WebAssembly. */
function divide(colour: number, alpha: number): number {
  if (alpha < HALF_WIDE) return 0;
  const product = Math.fround(Math.fround(colour) * 255);
  const quotient = Math.fround(product / Math.fround(alpha));
  return Math.trunc(Math.fround(quotient + 0.5));
}
