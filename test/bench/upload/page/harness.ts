// What every page of the bench shares: hands the chosen files to its contender and watches the main thread meanwhile.

/** What the driver tells a page. */
export interface PageConfig {
  readonly signer: string;
  readonly siteKey: string;
  /** Set for the contenders that cut a file themselves. */
  readonly partBytes?: number;
}

/** One way of uploading. */
export interface Contender {
  /** Resolves when the page is as idle as a page with this uploader on it gets. */
  readonly ready?: () => Promise<void>;
  /** @returns How many files were taken to the end. */
  readonly upload: (files: readonly File[]) => Promise<number>;
}

/** What one run cost on the page; milliseconds. */
export interface PageResult {
  readonly uploaded: number;
  readonly wallMs: number;
  /** The longest task that the browser reports: 0 or at least 50. */
  readonly longTaskMs: number;
  /** The longest that a timer had to wait: finds blocks under 50 ms, and counts what other programs took. */
  readonly blockMs: number;
  /** Requests to the signer's API as the page saw them. */
  readonly signerCalls: number;
}

declare global {
  var benchConfig: PageConfig;
  var benchReady: () => Promise<void>;
  var benchRun: () => Promise<PageResult>;
}

const BEAT_MS = 5;

export function register(make: (config: PageConfig) => Contender): void {
  const config = globalThis.benchConfig;
  performance.setResourceTimingBufferSize(1_000_000);
  const contender = make(config);
  globalThis.benchReady = async () => contender.ready?.();
  globalThis.benchRun = async () => {
    const files = [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])];
    const watch = watchMainThread();
    // A task of its own, begun under watch: what `upload` does at once is part of it.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const startedAt = performance.now();
    const uploaded = await contender.upload(files);
    const wallMs = performance.now() - startedAt;
    return { uploaded, wallMs, ...(await watch()), signerCalls: countCalls(config.signer) };
  };
}

/** @returns Ends the watch and says what it saw. */
function watchMainThread(): () => Promise<{ readonly longTaskMs: number; readonly blockMs: number }> {
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

function countCalls(signer: string): number {
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  return names.filter((name) => name.startsWith(`${signer}/v1/`)).length;
}
