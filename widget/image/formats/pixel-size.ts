// A size that a header may leave open.

export interface PixelSize {
  /** Null when the header does not say. */
  readonly width: number | null;
  readonly height: number | null;
}

export const UNKNOWN_SIZE: PixelSize = { width: null, height: null };
