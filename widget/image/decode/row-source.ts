// A decoded image that hands out its pixels in strips, for all of them at once would take four bytes each.
import type { Orientation } from '../image-facts.js';
import type { PlaneRows } from '../resample/resample-planes.js';
import type { Size } from '../resize-plan.js';

/** Width and height are those of the pixels that it hands out: as stored, before `orientation`. */
export interface RowSource extends Size {
  /** Where a decoder rounded the sides up: as much of them as the picture covers. */
  readonly extent?: Size;
  /** How much of each neighbour a decoder has put into a pixel, 0…1. */
  readonly softness?: number;
  /** What is still to be done to the pixels to make them upright. */
  readonly orientation: Orientation;
  readonly colorSpace: PredefinedColorSpace;
  /** The same picture in planes, brightness first; absent where they cannot be had, or are not worth it. */
  readonly planes?: (() => PlaneRows) | undefined;
  /** As of all rows of pixels; `top` is an even number, and what is read stays until the call after the next. */
  readonly read: (top: number, rowCount: number) => Promise<Uint8ClampedArray>;
  /** Draws the whole image upright and at its own size; absent where only rows can be had. */
  readonly draw?: (context: OffscreenCanvasRenderingContext2D) => void;
  /** Gives its memory back. */
  readonly close: () => void;
}
