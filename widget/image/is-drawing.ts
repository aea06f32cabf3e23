// Tells drawings from photographs (pure).
import type { Pixels } from './resample/resample.js';

/** As many as a PNG's palette has; drawings, charts and logos have no more, photographs thousands. */
const FEW_COLOURS = 256;
/** Scaled, a drawing has many colours along its edges; of its pixels so many at most are not as the one before. */
const MAX_EDGES = 0.2;

/** Pixels that cannot be seen do not count: behind a photograph that was cut out they are all alike. */
export function isDrawing({ data }: Pixels): boolean {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  const colours = new Set<number>();
  let seen = 0;
  let edges = 0;
  let last = -1;
  for (let at = 0; at < pixels.length; at += 1) {
    const pixel = pixels[at] ?? 0;
    if (data[4 * at + 3] === 0) continue;
    seen += 1;
    if (pixel === last) continue;
    last = pixel;
    edges += 1;
    if (colours.size <= FEW_COLOURS) colours.add(pixel);
    else if (edges > MAX_EDGES * pixels.length) return false;
  }
  return colours.size <= FEW_COLOURS || edges <= MAX_EDGES * seen;
}
