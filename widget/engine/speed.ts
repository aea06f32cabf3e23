// How fast a file travels, from a moving window over its progress (pure).

export interface ProgressSample {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  readonly sentBytes: number;
}

/** Samples of the last few seconds, oldest first. */
export type SpeedWindow = readonly ProgressSample[];

const WINDOW_MS = 8_000;
/** Below this the network's own buffers are measured, not the network. */
const MIN_SPAN_MS = 500;

/** Adds a sample and forgets those that left the window; the one at its edge stays. */
export function addSample(window: SpeedWindow, sample: ProgressSample): SpeedWindow {
  const all = [...window, sample];
  const firstInside = all.findIndex(({ atMs }) => atMs >= sample.atMs - WINDOW_MS);
  return all.slice(Math.max(0, firstInside - 1));
}

/** @returns Bytes per second over the window, or null until it can be told. */
export function bytesPerSecond(window: SpeedWindow): number | null {
  const [first, last] = [window[0], window.at(-1)];
  if (!first || !last || last.atMs - first.atMs < MIN_SPAN_MS) return null;
  return ((last.sentBytes - first.sentBytes) * 1000) / (last.atMs - first.atMs);
}

/** @returns Seconds until the rest is sent at this speed, or null when it cannot be told. */
export function secondsLeft(restBytes: number, speed: number | null): number | null {
  return speed ? restBytes / speed : null;
}
