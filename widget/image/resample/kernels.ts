// What the resampler asks of its inner loops, which exist twice: in WebAssembly and in plain JavaScript.

/** Numbers only, as WebAssembly knows nothing else. All work in `memory`, where layout.ts says. */
export interface Kernels {
  readonly memory: ArrayBuffer;
  /** Whether a row that is held has no transparent pixel: 1 or 0. */
  isOpaque(row: number): number;
  /** Makes premultiplied rows of those that are held. */
  premultiply(row: number, rowCount: number): void;
  /**
   * Sums opaque rows to four lines of the target's height.
   * @param y - The first line's row in the target.
   * @param firstRow - The number in the source of the first row that is held.
   */
  sumRows(y: number, firstRow: number): void;
  /** Scales the four lines to the target's width, into the output. */
  scaleLines(): void;
  /** Sums premultiplied rows to one line. */
  sumWideRows(y: number, firstRow: number): void;
  /** Scales the one line to the target's width, into a row of the output. */
  scaleWideLine(outputRow: number): void;
}
