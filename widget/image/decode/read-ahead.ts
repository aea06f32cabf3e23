// Reads a source in pieces, the next one while the present one is worked on.
import type { PixelRows } from '../resample/resample.js';
import type { RowSource } from './row-source.js';

/** Large enough that asking costs little, small enough that a canvas or a page stops for a moment only. */
const PIECE_BYTES = 1 << 21;

/** @returns The source's rows, from the top down. */
export function readAhead(source: RowSource): PixelRows {
  const { width, height, extent, softness } = source;
  const rowCount = 2 * Math.max(1, Math.floor(PIECE_BYTES / (width * 8)));
  let top = 0;
  const start = (): Promise<Uint8ClampedArray> | undefined => {
    if (top >= height) return undefined;
    const rows = source.read(top, Math.min(rowCount, height - top));
    top += rowCount;
    // Nobody may come to fetch it, after an abort.
    rows.catch(() => undefined);
    return rows;
  };
  let ahead = start();
  const next = async () => {
    const rows = await ahead;
    ahead = start();
    return rows ?? new Uint8ClampedArray();
  };
  return { width, height, extent, softness, next };
}
