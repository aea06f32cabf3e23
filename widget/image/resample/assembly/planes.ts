// The inner loops for pictures in planes: a plane scaled, and planes made to pixels again.
import { Interleave } from './interleave';
import { Layout } from './layout';

/** Scales four lines of one byte to a pixel. */
export function scalePlainLines(): void {
  const layout = changetype<Layout>(0);
  const stride = layout.stride;
  const outStride = layout.outputStride;
  let out = layout.output;
  let weight = layout.columnWeights;
  let start = layout.columnStarts;
  for (const end = start + 4 * layout.targetWidth; start < end; start += 4, out++) {
    let at = layout.lines + load<i32>(start);
    let a = i32x4.splat(0),
      b = a,
      c = a,
      d = a;
    for (const stop = weight + 2 * layout.columnTaps; weight < stop; weight += 16, at += 8) {
      const weights = v128.load(weight);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<u8>(at), weights));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<u8>(at + stride), weights));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<u8>(at + 2 * stride), weights));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<u8>(at + 3 * stride), weights));
    }
    const ab = addPairs(a, b);
    const sums = i32x4.add(addPairs(ab, addPairs(c, d)), i32x4.splat(1 << 13));
    const levels = i32x4.shr_s(sums, 14);
    const narrow = i16x8.narrow_i32x4_s(levels, levels);
    const four = i8x16.narrow_i16x8_u(narrow, narrow);
    v128.store8_lane(out, four, 0);
    v128.store8_lane(out + outStride, four, 1);
    v128.store8_lane(out + 2 * outStride, four, 2);
    v128.store8_lane(out + 3 * outStride, four, 3);
  }
}

/** Makes RGBA of three rows: brightness, and two differences of colour, of which each counts for two pixels. */
export function mergePlanes(): void {
  const layout = changetype<Layout>(0);
  let light = layout.rows;
  let colour = light + layout.stride;
  const other = layout.stride;
  const opaque = i8x16.splat(-1);
  const middle = i16x8.splat(128);
  for (
    let out = layout.output, end = out + 4 * layout.targetWidth;
    out < end;
    out += 64, light += 16, colour += 8
  ) {
    // In 16ths of a level.
    const blueness = i16x8.shl(i16x8.sub(v128.load_ext<u8>(colour), middle), 4);
    const redness = i16x8.shl(i16x8.sub(v128.load_ext<u8>(colour + other), middle), 4);
    const red = i16x8.add(redness, i16x8.q15mulr_sat_s(redness, i16x8.splat(13173)));
    const green = i16x8.add(
      i16x8.q15mulr_sat_s(blueness, i16x8.splat(-11277)),
      i16x8.q15mulr_sat_s(redness, i16x8.splat(-23401)),
    );
    const blue = i16x8.add(i16x8.shl(blueness, 1), i16x8.q15mulr_sat_s(blueness, i16x8.splat(-7471)));
    const pixels = v128.load(light);
    // Half a level more, so that the rest is cut off rightly.
    const low = i16x8.add(i16x8.shl(i16x8.extend_low_i8x16_u(pixels), 4), i16x8.splat(8));
    const high = i16x8.add(i16x8.shl(i16x8.extend_high_i8x16_u(pixels), 4), i16x8.splat(8));
    const reds = addColour(low, high, red);
    const greens = addColour(low, high, green);
    const blues = addColour(low, high, blue);
    const lowPairs = Interleave.low(reds, greens);
    const highPairs = Interleave.high(reds, greens);
    const lowRest = Interleave.low(blues, opaque);
    const highRest = Interleave.high(blues, opaque);
    v128.store(out, v128.shuffle<i16>(lowPairs, lowRest, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out, v128.shuffle<i16>(lowPairs, lowRest, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(out, v128.shuffle<i16>(highPairs, highRest, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(out, v128.shuffle<i16>(highPairs, highRest, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
}

/** Sixteen levels of light with eight of a colour, in whole levels. */
function addColour(low: v128, high: v128, colour: v128): v128 {
  const first = i16x8.add(low, v128.shuffle<i16>(colour, colour, 0, 0, 1, 1, 2, 2, 3, 3));
  const second = i16x8.add(high, v128.shuffle<i16>(colour, colour, 4, 4, 5, 5, 6, 6, 7, 7));
  return i8x16.narrow_i16x8_u(i16x8.shr_s(first, 4), i16x8.shr_s(second, 4));
}

/** The sums of neighbours: two of the first, two of the second. */
function addPairs(first: v128, second: v128): v128 {
  return i32x4.add(
    v128.shuffle<i32>(first, second, 0, 2, 4, 6),
    v128.shuffle<i32>(first, second, 1, 3, 5, 7),
  );
}
