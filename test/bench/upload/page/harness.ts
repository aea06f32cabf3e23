// What every page of the bench shares: hands the chosen files to its contender and watches the main thread meanwhile.
import { watchMainThread, type MainThreadBlocks } from '../../page/watch-main-thread.js';

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
export interface PageResult extends MainThreadBlocks {
  readonly uploaded: number;
  readonly wallMs: number;
  /** Requests to the signer's API as the page saw them. */
  readonly signerCalls: number;
}

declare global {
  var benchConfig: PageConfig;
  var benchReady: () => Promise<void>;
  var benchRun: () => Promise<PageResult>;
}

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

function countCalls(signer: string): number {
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  return names.filter((name) => name.startsWith(`${signer}/v1/`)).length;
}
