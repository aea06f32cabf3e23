// The resampler's inner loops in AssemblyScript: TypeScript's syntax, compiled to SIMD WebAssembly by `npm run build:wasm`.
// Each has a twin in ../plain-kernels.ts with the same arithmetic; ../layout.ts says what lies where in the memory.
import { Interleave } from './interleave';
import { Layout } from './layout';

export { mergePlanes, scalePlainLines } from './planes';

/** Whether every pixel of so many bytes is opaque; they are a multiple of 16. */
export function isOpaque(start: i32, byteCount: i32): i32 {
  let all = i32x4.splat(-1);
  for (let at = start; at < start + byteCount; at += 16) all = v128.and(all, v128.load(at));
  return i32x4.all_true(i32x4.ge_u(all, i32x4.splat(0xff000000)));
}

/** Makes a row of the means of opaque boxes. */
export function averageBoxes(row: i32, boxHeight: i32): void {
  const layout = changetype<Layout>(0);
  const stride = layout.boxStride;
  for (let x = 0; x < stride; x += 16) {
    let left = i16x8.splat(0),
      right = left;
    for (let y = 0, at = layout.boxes + x; y < boxHeight; y++, at += stride) {
      const pixels = v128.load(at);
      left = i16x8.add(left, i16x8.extend_low_i8x16_u(pixels));
      right = i16x8.add(right, i16x8.extend_high_i8x16_u(pixels));
    }
    v128.store(layout.boxLine + 2 * x, left);
    v128.store(layout.boxLine + 2 * x, right, 16);
  }
  const end = layout.boxLine + 8 * layout.sourceWidth;
  let out = layout.rows + row * layout.stride;
  for (let at = layout.boxLine; at < end; out += 4) {
    const boxEnd = min(at + 8 * layout.boxWidth, end);
    const pixelCount = ((boxEnd - at) >> 3) * boxHeight;
    let sum = i32x4.splat(0);
    for (; at < boxEnd; at += 8) sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(v128.load64_zero(at)));
    const means = f32x4.div(f32x4.convert_i32x4_s(sum), f32x4.splat(<f32>pixelCount));
    const levels = i32x4.trunc_sat_f32x4_s(f32x4.add(means, f32x4.splat(0.5)));
    const narrow = i16x8.narrow_i32x4_s(levels, levels);
    v128.store32_lane(out, i8x16.narrow_i16x8_u(narrow, narrow), 0);
  }
}

/** Makes a row of the means of boxes in which a colour counts as far as its pixel is opaque. */
export function averageTransparentBoxes(row: i32, boxHeight: i32): void {
  const layout = changetype<Layout>(0);
  const stride = layout.boxStride;
  let out = layout.rows + row * layout.stride;
  for (let x = 0; x < layout.sourceWidth; x += layout.boxWidth, out += 4) {
    const width = min(layout.boxWidth, layout.sourceWidth - x);
    let red = 0,
      green = 0,
      blue = 0,
      alpha = 0;
    for (let y = 0; y < boxHeight; y++) {
      let at = layout.boxes + y * stride + 4 * x;
      for (const end = at + 4 * width; at < end; at += 4) {
        const share = <i32>load<u8>(at, 3);
        red += <i32>load<u8>(at) * share;
        green += <i32>load<u8>(at, 1) * share;
        blue += <i32>load<u8>(at, 2) * share;
        alpha += share;
      }
    }
    const divisor = <f64>max(alpha, 1);
    store<u8>(out, <i32>(<f64>red / divisor + 0.5));
    store<u8>(out, <i32>(<f64>green / divisor + 0.5), 1);
    store<u8>(out, <i32>(<f64>blue / divisor + 0.5), 2);
    store<u8>(out, <i32>(<f64>alpha / <f64>(width * boxHeight) + 0.5), 3);
  }
}

/** Multiplies colours by their alpha; 16 bits each, 64 steps to a level. */
export function premultiply(firstRow: i32, rowCount: i32): void {
  const layout = changetype<Layout>(0);
  const source = layout.rows + firstRow * layout.stride;
  const target = layout.wideRows + 2 * firstRow * layout.stride;
  const count = rowCount * layout.stride;
  const alphaOfTwo = i8x16(3, -1, 3, -1, 3, -1, -1, -1, 7, -1, 7, -1, 7, -1, -1, -1);
  const opaque = i16x8(0, 0, 0, 255, 0, 0, 0, 255);
  // 16448 / 65536 is 64 / 255, near enough to be exact after rounding.
  const scale = i16x8.splat(16448);
  const half = i32x4.splat(0x8000);
  for (let at = 0; at < count; at += 8) {
    const pixels = v128.load64_zero(source + at);
    const alpha = v128.or(i8x16.swizzle(pixels, alphaOfTwo), opaque);
    const product = i16x8.mul(i16x8.extend_low_i8x16_u(pixels), alpha);
    const low = i32x4.add(i32x4.extmul_low_i16x8_u(product, scale), half);
    const high = i32x4.add(i32x4.extmul_high_i16x8_u(product, scale), half);
    v128.store(target + 2 * at, i16x8.narrow_i32x4_u(i32x4.shr_u(low, 16), i32x4.shr_u(high, 16)));
  }
}

/**
 * Sums rows to four lines of the target's height, which are still as wide as the source.
 * @param y - The first of the four in the target.
 * @param firstRow - The number in the source of the first row that is held.
 */
export function sumRows(y: i32, firstRow: i32): void {
  const layout = changetype<Layout>(0);
  const stride = layout.stride;
  // Column by column, so that the rows' pixels are at hand for all four lines.
  for (let x = 0; x < stride; x += 16) {
    for (let line = 0; line < 4; line++) {
      const row = load<i32>(layout.rowStarts + 4 * (y + line)) - firstRow;
      let at = layout.rows + row * stride + x;
      let weight = layout.rowWeights + 2 * (y + line) * layout.rowTaps;
      let a = i32x4.splat(1 << 13),
        b = a,
        c = a,
        d = a;
      for (const end = weight + 2 * layout.rowTaps; weight < end; weight += 4, at += 2 * stride) {
        const pair = v128.load32_splat(weight);
        const upper = v128.load(at);
        const lower = v128.load(at + stride);
        const left = Interleave.low(upper, lower);
        const right = Interleave.high(upper, lower);
        a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(left), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(left), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(right), pair));
        d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(right), pair));
      }
      const ab = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 14), i32x4.shr_s(b, 14));
      const cd = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 14), i32x4.shr_s(d, 14));
      v128.store(layout.lines + line * stride + x, i8x16.narrow_i16x8_u(ab, cd));
    }
  }
}

/** Scales the four lines to the target's width. */
export function scaleLines(): void {
  const layout = changetype<Layout>(0);
  const stride = layout.stride;
  const outStride = layout.outputStride;
  let out = layout.output;
  let weight = layout.columnWeights;
  let start = layout.columnStarts;
  const firstPair = i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1);
  const secondPair = i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
  for (const end = start + 4 * layout.targetWidth; start < end; start += 4, out += 4) {
    let at = layout.lines + load<i32>(start);
    let a = i32x4.splat(1 << 13),
      b = a,
      c = a,
      d = a;
    for (const stop = weight + 2 * layout.columnTaps; weight < stop; weight += 8, at += 16) {
      const first = v128.load32_splat(weight);
      const second = v128.load32_splat(weight, 4);
      const pixelsA = v128.load(at);
      a = i32x4.add(a, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsA, firstPair), first));
      a = i32x4.add(a, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsA, secondPair), second));
      const pixelsB = v128.load(at + stride);
      b = i32x4.add(b, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsB, firstPair), first));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsB, secondPair), second));
      const pixelsC = v128.load(at + 2 * stride);
      c = i32x4.add(c, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsC, firstPair), first));
      c = i32x4.add(c, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsC, secondPair), second));
      const pixelsD = v128.load(at + 3 * stride);
      d = i32x4.add(d, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsD, firstPair), first));
      d = i32x4.add(d, i32x4.dot_i16x8_s(i8x16.swizzle(pixelsD, secondPair), second));
    }
    const ab = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 14), i32x4.shr_s(b, 14));
    const cd = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 14), i32x4.shr_s(d, 14));
    const four = i8x16.narrow_i16x8_u(ab, cd);
    v128.store32_lane(out, four, 0);
    v128.store32_lane(out + outStride, four, 1);
    v128.store32_lane(out + 2 * outStride, four, 2);
    v128.store32_lane(out + 3 * outStride, four, 3);
  }
}

/** Sums premultiplied rows to one line of the target's height, in place of the four. */
export function sumWideRows(y: i32, firstRow: i32): void {
  const layout = changetype<Layout>(0);
  const stride = 2 * layout.stride;
  const rows = layout.wideRows + (load<i32>(layout.rowStarts + 4 * y) - firstRow) * stride;
  const weights = layout.rowWeights + 2 * y * layout.rowTaps;
  const end = weights + 2 * layout.rowTaps;
  for (let x = 0; x < stride; x += 16) {
    let a = i32x4.splat(1 << 13),
      b = a;
    for (let weight = weights, at = rows + x; weight < end; weight += 4, at += 2 * stride) {
      const pair = v128.load32_splat(weight);
      const upper = v128.load(at);
      const lower = v128.load(at + stride);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.shuffle<i16>(upper, lower, 0, 8, 1, 9, 2, 10, 3, 11), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.shuffle<i16>(upper, lower, 4, 12, 5, 13, 6, 14, 7, 15), pair));
    }
    const values = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 14), i32x4.shr_s(b, 14));
    v128.store(layout.lines + x, i16x8.min_s(i16x8.max_s(values, i16x8.splat(0)), i16x8.splat(255 << 6)));
  }
}

/** Scales the premultiplied line to the target's width, and divides colours by their alpha. */
export function scaleWideLine(outputRow: i32): void {
  const layout = changetype<Layout>(0);
  let out = layout.output + outputRow * layout.outputStride;
  let weight = layout.columnWeights;
  let start = layout.columnStarts;
  const pair = i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  for (const end = start + 4 * layout.targetWidth; start < end; start += 4, out += 4) {
    let at = layout.lines + 2 * load<i32>(start);
    let sum = i32x4.splat(1 << 19);
    for (const stop = weight + 2 * layout.columnTaps; weight < stop; weight += 4, at += 16) {
      const pixels = i8x16.swizzle(v128.load(at), pair);
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(pixels, v128.load32_splat(weight)));
    }
    const levels = i32x4.shr_s(divideByAlpha(sum), 20);
    const narrow = i16x8.narrow_i32x4_s(levels, levels);
    v128.store32_lane(out, i8x16.narrow_i16x8_u(narrow, narrow), 0);
  }
}

/** Rounded sums of a premultiplied pixel become those of a plain one; of one that is transparent, nothing. */
function divideByAlpha(pixel: v128): v128 {
  const isAlpha = i32x4(0, 0, 0, -1);
  const alpha = v128.shuffle<i32>(pixel, pixel, 3, 3, 3, 3);
  const exact = f32x4.convert_i32x4_s(i32x4.sub(pixel, i32x4.splat(1 << 19)));
  const exactAlpha = v128.shuffle<i32>(exact, exact, 3, 3, 3, 3);
  // In levels, rounded, and back to where the caller expects them.
  const levels = f32x4.add(f32x4.div(f32x4.mul(exact, f32x4.splat(255)), exactAlpha), f32x4.splat(0.5));
  const inRange = f32x4.min(f32x4.max(levels, f32x4.splat(0)), f32x4.splat(255));
  const colours = i32x4.shl(i32x4.trunc_sat_f32x4_s(inRange), 20);
  return v128.and(v128.bitselect(pixel, colours, isAlpha), i32x4.ge_s(alpha, i32x4.splat(1 << 20)));
}
