// Bytes of two vectors by turns.

export class Interleave {
  /** The first eight of each. */
  @inline
  static low(first: v128, second: v128): v128 {
    return v128.shuffle<i8>(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }

  /** The last eight of each. */
  @inline
  static high(first: v128, second: v128): v128 {
    return v128.shuffle<i8>(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
}
