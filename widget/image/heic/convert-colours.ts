// Display P3 to sRGB: the same curve and white, other primaries. What sRGB cannot show becomes the nearest it can. Pure.
// https://www.w3.org/TR/css-color-4/#color-conversion-code

/** Linear light of both, rows of three; P3's primaries leave no trace in some places. */
const RED = [1.224_940_2, -0.224_940_2, 0] as const;
const GREEN = [-0.042_057, 1.042_057, 0] as const;
const BLUE = [-0.019_637_6, -0.078_636, 1.098_273_6] as const;
/** Fine enough that the darkest shades keep their steps. */
const STEPS = 16_384;

let tables: { readonly toLight: Float32Array; readonly toCode: Uint8Array } | undefined;

/** @param data - RGBA, changed in place. */
export function convertFromDisplayP3(data: Uint8ClampedArray): void {
  tables ??= makeTables();
  const { toLight, toCode } = tables;
  for (let at = 0; at < data.length; at += 4) {
    const r = toLight[data[at] ?? 0] ?? 0;
    const g = toLight[data[at + 1] ?? 0] ?? 0;
    const b = toLight[data[at + 2] ?? 0] ?? 0;
    data[at] = toCode[stepOf(RED[0] * r + RED[1] * g + RED[2] * b)] ?? 0;
    data[at + 1] = toCode[stepOf(GREEN[0] * r + GREEN[1] * g + GREEN[2] * b)] ?? 0;
    data[at + 2] = toCode[stepOf(BLUE[0] * r + BLUE[1] * g + BLUE[2] * b)] ?? 0;
  }
}

function stepOf(light: number): number {
  return Math.round(Math.min(1, Math.max(0, light)) * STEPS);
}

/** https://www.w3.org/TR/css-color-4/#predefined-sRGB */
function makeTables() {
  const toLight = Float32Array.from({ length: 256 }, (_, code) => {
    const value = code / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const toCode = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
    const light = step / STEPS;
    return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
  });
  return { toLight, toCode };
}
