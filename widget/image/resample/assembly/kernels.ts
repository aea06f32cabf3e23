// The resampler's inner loops in AssemblyScript: TypeScript's syntax, compiled to SIMD WebAssembly by `npm run build:wasm`.
// Each has a twin in ../plain-kernels.ts with the same arithmetic; ../layout.ts says what lies where in the memory.

/** The fields of ../layout.ts, at address 0; addresses and strides in bytes. */
@unmanaged
class Layout {
  strip: i32;
  stripStride: i32;
  wide: i32;
  rows: i32;
  rowStride: i32;
  output: i32;
  targetWidth: i32;
  columnStarts: i32;
  columnWeights: i32;
  columnTaps: i32;
  rowWeights: i32;
  rowTaps: i32;
}

/** Whether every pixel of the strip's first rows is opaque. */
export function isOpaque(rowCount: i32): i32 {
  const layout = changetype<Layout>(0);
  const end = layout.strip + rowCount * layout.stripStride;
  let all = i32x4.splat(-1);
  let at = layout.strip;
  for (; at + 16 <= end; at += 16) all = v128.and(all, v128.load(at));
  for (; at < end; at += 4) all = v128.and(all, v128.load32_splat(at));
  return i32x4.all_true(i32x4.ge_u(all, i32x4.splat(0xff000000)));
}

/** Multiplies the strip's colours by their alpha; 16 bits each, 64 steps to a level. */
export function premultiply(rowCount: i32): void {
  const layout = changetype<Layout>(0);
  const count = rowCount * layout.stripStride;
  const alphaOfTwo = i8x16(3, -1, 3, -1, 3, -1, -1, -1, 7, -1, 7, -1, 7, -1, -1, -1);
  const opaque = i16x8(0, 0, 0, 255, 0, 0, 0, 255);
  // 16448 / 65536 is 64 / 255, near enough to be exact after rounding.
  const scale = i16x8.splat(16448);
  const half = i32x4.splat(0x8000);
  for (let at = 0; at < count; at += 8) {
    const pixels = v128.load64_zero(layout.strip + at);
    const alpha = v128.or(i8x16.swizzle(pixels, alphaOfTwo), opaque);
    const product = i16x8.mul(i16x8.extend_low_i8x16_u(pixels), alpha);
    const low = i32x4.add(i32x4.extmul_low_i16x8_u(product, scale), half);
    const high = i32x4.add(i32x4.extmul_high_i16x8_u(product, scale), half);
    v128.store(layout.wide + 2 * at, i16x8.narrow_i32x4_u(i32x4.shr_u(low, 16), i32x4.shr_u(high, 16)));
  }
}

/**
 * Scales four rows of the strip to the target's width.
 * @param row - The first of the four in the strip.
 * @param target - Where the first goes among the scaled rows.
 */
export function scaleFourRows(row: i32, target: i32): void {
  const layout = changetype<Layout>(0);
  const stride = layout.stripStride;
  const outStride = layout.rowStride;
  const taps = layout.columnTaps;
  const source = layout.strip + row * stride;
  let out = layout.rows + target * outStride;
  let weight = layout.columnWeights;
  let start = layout.columnStarts;
  const firstPair = i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1);
  const secondPair = i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
  for (const end = start + 4 * layout.targetWidth; start < end; start += 4, out += 8) {
    let at = source + load<i32>(start);
    let a = i32x4.splat(128),
      b = a,
      c = a,
      d = a;
    for (const stop = weight + 2 * taps; weight < stop; weight += 8, at += 16) {
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
    const ab = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 8), i32x4.shr_s(b, 8));
    const cd = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 8), i32x4.shr_s(d, 8));
    v128.store64_lane(out, ab, 0);
    v128.store64_lane(out + outStride, ab, 1);
    v128.store64_lane(out + 2 * outStride, cd, 0);
    v128.store64_lane(out + 3 * outStride, cd, 1);
  }
}

/** Scales one premultiplied row of the strip to the target's width. */
export function scaleWideRow(row: i32, target: i32): void {
  const layout = changetype<Layout>(0);
  const taps = layout.columnTaps;
  const source = layout.wide + 2 * row * layout.stripStride;
  let out = layout.rows + target * layout.rowStride;
  let weight = layout.columnWeights;
  let start = layout.columnStarts;
  const pair = i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  for (const end = start + 4 * layout.targetWidth; start < end; start += 4, out += 8) {
    let at = source + 2 * load<i32>(start);
    let a = i32x4.splat(1 << 13),
      b = i32x4.splat(0);
    for (const stop = weight + 2 * taps; weight < stop; weight += 8, at += 32) {
      const first = i8x16.swizzle(v128.load(at), pair);
      const second = i8x16.swizzle(v128.load(at, 16), pair);
      a = i32x4.add(a, i32x4.dot_i16x8_s(first, v128.load32_splat(weight)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(second, v128.load32_splat(weight, 4)));
    }
    const sum = i32x4.shr_s(i32x4.add(a, b), 14);
    v128.store64_lane(out, i16x8.narrow_i32x4_s(sum, sum), 0);
  }
}

/**
 * Sums scaled rows to a row of the target, and writes it out as bytes.
 * @param y - Which row of the target.
 * @param first - The first of the scaled rows that it is made of.
 * @param isPremultiplied - Whether colours are to be divided by their alpha.
 */
export function sumRows(y: i32, first: i32, isPremultiplied: i32): void {
  const layout = changetype<Layout>(0);
  const stride = layout.rowStride;
  const source = layout.rows + first * stride;
  const weights = layout.rowWeights + 2 * y * layout.rowTaps;
  const stop = weights + 2 * layout.rowTaps;
  const start = i32x4.splat(1 << 19);
  for (let x = 0; x < stride; x += 32) {
    let a = start,
      b = start,
      c = start,
      d = start;
    for (let weight = weights, at = source + x; weight < stop; weight += 4, at += 2 * stride) {
      const pair = v128.load32_splat(weight);
      const next = at + stride;
      const ab = v128.load(at),
        nextAb = v128.load(next);
      const cd = v128.load(at, 16),
        nextCd = v128.load(next, 16);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.shuffle<i16>(ab, nextAb, 0, 8, 1, 9, 2, 10, 3, 11), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.shuffle<i16>(ab, nextAb, 4, 12, 5, 13, 6, 14, 7, 15), pair));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.shuffle<i16>(cd, nextCd, 0, 8, 1, 9, 2, 10, 3, 11), pair));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.shuffle<i16>(cd, nextCd, 4, 12, 5, 13, 6, 14, 7, 15), pair));
    }
    if (isPremultiplied) {
      a = divideByAlpha(a);
      b = divideByAlpha(b);
      c = divideByAlpha(c);
      d = divideByAlpha(d);
    }
    const ab = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 20), i32x4.shr_s(b, 20));
    const cd = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 20), i32x4.shr_s(d, 20));
    v128.store(layout.output + (x >> 1), i8x16.narrow_i16x8_u(ab, cd));
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
