// A decoded image, as a whole or in rows.
import type { Size } from '../resize-plan.js';

/** RGBA, alpha not multiplied in. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Bytes of a pixel: red, green, blue and alpha, or one of a plane. */
export type Channels = 1 | 4;

/** An image whose rows come one after the other, so that not all of them need to be in memory at once. */
export interface PixelRows extends Size {
  /** How much of the sides the picture covers, where its last pixels are not whole. */
  readonly extent?: Size | undefined;
  /** How much of each neighbour is in a pixel already, 0…1; the filter takes it out again. */
  readonly softness?: number | undefined;
  /** 4 unless it is a plane. */
  readonly channels?: Channels;
  /** @returns The next rows from the top down, as many as come at once; of no use after the next call. */
  readonly next: () => Uint8ClampedArray | Promise<Uint8ClampedArray>;
}

export function rowsOf({ data, width, height }: Pixels): PixelRows {
  return { width, height, next: () => data };
}
