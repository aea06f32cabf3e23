// What the resampler asks of its inner loops, which exist twice: in WebAssembly and in plain JavaScript.

/** Numbers only, as WebAssembly knows nothing else. All work in `memory`, where layout.ts says. */
export interface Kernels {
  readonly memory: ArrayBuffer;
  /** Whether the first `rowCount` rows of the strip have no transparent pixel: 1 or 0. */
  isOpaque(rowCount: number): number;
  /** Makes the premultiplied strip from the first `rowCount` rows of the strip. */
  premultiply(rowCount: number): void;
  /** Scales four rows of the strip to the target's width. */
  scaleFourRows(stripRow: number, scaledRow: number): void;
  /** Scales one row of the premultiplied strip to the target's width. */
  scaleWideRow(stripRow: number, scaledRow: number): void;
  /** Sums scaled rows from `firstRow` to row `y` of the target, into the output. */
  sumRows(y: number, firstRow: number, isPremultiplied: number): void;
}
