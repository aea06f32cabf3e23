// What every page of the bench shares: hands the chosen pictures to its contender and watches the main thread meanwhile.
import { watchMainThread, type MainThreadBlocks } from '../../page/watch-main-thread.js';

/** What the driver tells a page. */
export interface PageConfig {
  /** Pixels of the longer side. */
  readonly maxSide: number;
  readonly quality: number;
  /** MIME type of the result. */
  readonly type: 'image/jpeg' | 'image/png';
  /** What a contender's script makes of it: a filter, a number of workers. */
  readonly variant?: string;
}

export interface Contender {
  /** Loads what it needs, so that all start warm. `warmUp` is a small picture. */
  readonly ready: (files: readonly File[], warmUp: File) => Promise<unknown>;
  /** @returns One result for each picture, in order. */
  readonly resize: (files: readonly File[]) => Promise<readonly Blob[]>;
}

/** What one run cost on the page; milliseconds and bytes. */
export interface PageResult extends MainThreadBlocks {
  readonly wallMs: number;
  readonly results: readonly PageImage[];
  /** Addresses of the scripts that were loaded after the page's own. */
  readonly scripts: readonly string[];
}

export interface PageImage {
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

declare global {
  var resizeConfig: PageConfig;
  var resizeReady: () => Promise<void>;
  var resizeRun: () => Promise<PageResult>;
  /** Sends the first result to the driver, which looks at its pixels. */
  var resizeSend: () => Promise<void>;
}

/** A lossless result is larger than most photos, and some contenders would then rather keep the photo. */
const PADDING_BYTES = 24_000_000;

export function register(make: (config: PageConfig) => Contender): void {
  const contender = make(globalThis.resizeConfig);
  let files: readonly File[] = [];
  let results: readonly Blob[] = [];
  globalThis.resizeReady = async () => {
    files = chosenFiles(globalThis.resizeConfig);
    await contender.ready(files, await smallPicture());
  };
  globalThis.resizeRun = async () => {
    const watch = watchMainThread();
    // A task of its own, begun under watch: what `resize` does at once is part of it.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const startedAt = performance.now();
    results = await contender.resize(files);
    const wallMs = performance.now() - startedAt;
    const blocks = await watch();
    return { wallMs, ...blocks, results: await Promise.all(results.map(look)), scripts: loadedScripts() };
  };
  globalThis.resizeSend = async () => {
    await fetch('/result', { method: 'POST', body: results[0] ?? null });
  };
}

/** Decoders ignore what follows a picture's end. */
function chosenFiles({ type }: PageConfig): readonly File[] {
  const files = [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])];
  if (type === 'image/jpeg') return files;
  return files.map((file) => new File([file, new Uint8Array(PADDING_BYTES)], file.name, { type: file.type }));
}

async function smallPicture(): Promise<File> {
  const canvas = new OffscreenCanvas(2400, 1600);
  const context = canvas.getContext('2d');
  for (let x = 0; x < canvas.width; x += 8) context?.fillRect(x, x / 2, 200, 200);
  return new File([await canvas.convertToBlob({ type: 'image/jpeg' })], 'small.jpg', { type: 'image/jpeg' });
}

async function look(blob: Blob): Promise<PageImage> {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  bitmap.close();
  return { type: blob.type, bytes: blob.size, width, height };
}

function loadedScripts(): readonly string[] {
  const names = performance.getEntriesByType('resource').map(({ name }) => name);
  return names.filter((name) => name.endsWith('.js'));
}
