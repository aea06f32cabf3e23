// The port to counters that cap how much a site, or one address, may ask for.

export interface Allowance {
  /** What is counted, such as `files pk_live_1 203.0.113.7`. */
  readonly key: string;
  /** Most points within the window. */
  readonly points: number;
  /** Length of the window. */
  readonly seconds: number;
}

export interface Limiter {
  /**
   * Takes points from every allowance, or from none when one of them has too few left.
   * @returns Seconds until the shortest refused window opens again, or `undefined` when the points were taken.
   */
  take(allowances: readonly Allowance[], points: number): Promise<number | undefined>;
  /** Gives points back that were taken for something that did not happen. */
  giveBack(allowances: readonly Allowance[], points: number): Promise<void>;
}
