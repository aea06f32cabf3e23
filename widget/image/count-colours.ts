// Tells drawings from photographs (pure).
import type { Pixels } from './resample/resample.js';

/** As many as a PNG's palette has; drawings, charts and logos have no more, photographs thousands. */
const FEW_COLOURS = 256;

export function hasFewColours({ data }: Pixels): boolean {
  const colours = new Set<number>();
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  let last = -1;
  for (const pixel of pixels) {
    if (pixel === last) continue;
    last = pixel;
    colours.add(pixel);
    if (colours.size > FEW_COLOURS) return false;
  }
  return true;
}
