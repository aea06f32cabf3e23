// What the resampler asks of its inner loops, which exist twice: in WebAssembly and in plain JavaScript.

/** Numbers only, as WebAssembly knows nothing else. All work in `memory`, where layout.ts says. */
export interface Kernels {
  readonly memory: ArrayBuffer;
  /** Whether there is no transparent pixel among so many bytes, a multiple of 16: 1 or 0. */
  isOpaque(start: number, byteCount: number): number;
  /** Makes a row that is held of the means of opaque boxes. */
  averageBoxes(row: number, boxHeight: number): void;
  /** The same, where a colour counts as far as its pixel is opaque. */
  averageTransparentBoxes(row: number, boxHeight: number): void;
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
  /** The same, where a pixel is one byte. */
  scalePlainLines(): void;
  /** Makes RGBA of a row of brightness and two of colour, which are the first that are held. */
  mergePlanes(): void;
  /** Sums premultiplied rows to one line. */
  sumWideRows(y: number, firstRow: number): void;
  /** Scales the one line to the target's width, into a row of the output. */
  scaleWideLine(outputRow: number): void;
}
