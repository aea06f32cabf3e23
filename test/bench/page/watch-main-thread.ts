// How long the page's main thread was busy at a stretch while a bench ran.

/** Milliseconds. */
export interface MainThreadBlocks {
  /** The longest task that the browser reports: 0 or at least 50. */
  readonly longTaskMs: number;
  /** The longest that a timer had to wait: finds blocks under 50 ms, and counts what other programs took. */
  readonly blockMs: number;
}

const BEAT_MS = 5;
/** Tells a trace where the watch begins. */
export const WATCH_MARK = 'bench-watch';

/** @returns Ends the watch and says what it saw. */
export function watchMainThread(): () => Promise<MainThreadBlocks> {
  performance.mark(WATCH_MARK);
  const sinceMs = performance.now();
  let longTaskMs = 0;
  let blockMs = 0;
  const note = (entries: PerformanceEntryList): void => {
    const own = entries.filter(({ startTime }) => startTime >= sinceMs);
    longTaskMs = Math.max(longTaskMs, ...own.map(({ duration }) => duration));
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'longtask', buffered: true });
  let beatAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    blockMs = Math.max(blockMs, now - beatAt - BEAT_MS);
    beatAt = now;
  }, BEAT_MS);
  return async () => {
    // The task that ended the run is reported after it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    note(observer.takeRecords());
    clearInterval(timer);
    observer.disconnect();
    return { longTaskMs, blockMs };
  };
}
