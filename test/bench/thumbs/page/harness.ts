// What every page of the bench shares: hands the chosen photos to its contender and watches until their thumbnails show.
import { watchMainThread, type MainThreadBlocks } from '../../page/watch-main-thread.js';

export interface Contender {
  readonly ready?: () => Promise<void>;
  readonly add: (files: readonly File[]) => void;
  /** How many thumbnails there are to be seen now. */
  readonly countShown: () => number;
}

/** Milliseconds from adding the photos. */
export interface PageResult extends MainThreadBlocks {
  readonly firstMs: number;
  readonly wallMs: number;
}

declare global {
  var thumbsReady: () => Promise<void>;
  /** @param wanted - Thumbnails to wait for. */
  var thumbsRun: (wanted: number) => Promise<PageResult>;
  /** Goes through the whole page and back. */
  var thumbsScroll: () => Promise<MainThreadBlocks>;
}

const STEP_PX = 400;

export function register(contender: Contender): void {
  globalThis.thumbsReady = async () => contender.ready?.();
  globalThis.thumbsRun = async (wanted) => {
    const files = [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])];
    const watch = watchMainThread();
    // A task of its own, begun under watch: what `add` does at once is part of it.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const startedAt = performance.now();
    contender.add(files);
    let firstMs: number | undefined;
    for (let count = 0; count < wanted; count = contender.countShown()) {
      if (count > 0) firstMs ??= performance.now() - startedAt;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const wallMs = performance.now() - startedAt;
    return { firstMs: firstMs ?? wallMs, wallMs, ...(await watch()) };
  };
  globalThis.thumbsScroll = async () => {
    const watch = watchMainThread();
    for (const step of [STEP_PX, -STEP_PX]) {
      for (let last = -1; last !== scrollY;) {
        last = scrollY;
        scrollBy(0, step);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }
    return watch();
  };
}

/** Pictures that are decoded, drawn and not empty. */
export function countPictures(root: ParentNode, selector: string): number {
  let count = 0;
  for (const picture of root.querySelectorAll(selector)) {
    const isShown = picture instanceof HTMLImageElement ? picture.complete && picture.naturalWidth > 0 : true;
    if (isShown) count += 1;
  }
  return count;
}
