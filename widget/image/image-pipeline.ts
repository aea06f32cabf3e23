// Transforms images in a few workers, made when the first image comes; on the page itself where workers are not allowed.
import { type ImageWorker, startWorker, WorkerFailure } from './image-worker.js';
import { PixelBudget } from './pixel-budget.js';
import { readPixelCount } from './read-pixel-count.js';
import type { ImageSet } from './transform-all.js';
import type { ImageSetWishes } from './transform-plan.js';

export interface ImagePipelineOptions {
  readonly createWorker: () => Worker;
  /** Images at once; one for each processor but one, 4 at most, and one where memory is small. */
  readonly maxWorkers?: number;
  /** Milliseconds without work after which the workers end; 30 000. */
  readonly idleMs?: number;
}

interface Job {
  readonly blob: Blob;
  readonly wishes: ImageSetWishes;
  readonly signal: AbortSignal;
}

const DEFAULT_IDLE_MS = 30_000;

export class ImagePipeline {
  readonly #createWorker: () => Worker;
  readonly #budget: PixelBudget;
  readonly #idleMs: number;
  #idle: readonly ImageWorker[] = [];
  /** Workers do not start here; on this page that will not change. */
  #isBlocked = false;
  /** The first start, however it ended: each one that a content security policy blocks is reported to the site. */
  #firstStart: Promise<void> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ createWorker, maxWorkers, idleMs = DEFAULT_IDLE_MS }: ImagePipelineOptions) {
    this.#createWorker = createWorker;
    this.#budget = new PixelBudget(maxWorkers ?? countWorkers(globalThis.navigator));
    this.#idleMs = idleMs;
  }

  /**
   * Transforms one image as `transformAll` does, when its turn has come.
   * @throws {ImageError} As `transformAll`. @throws The signal's reason when it is aborted: at once while it waits.
   */
  async transform(blob: Blob, wishes: ImageSetWishes, signal: AbortSignal): Promise<ImageSet> {
    clearTimeout(this.#idleTimer);
    const release = await this.#budget.take(await readPixelCount(blob), signal);
    try {
      return await this.#work({ blob, wishes, signal });
    } finally {
      release();
      clearTimeout(this.#idleTimer);
      if (this.#budget.isIdle) this.#idleTimer = setTimeout(() => this.#rest(), this.#idleMs);
    }
  }

  async #work(job: Job): Promise<ImageSet> {
    const worker = await this.#takeWorker();
    job.signal.throwIfAborted();
    if (!worker) return transformHere(job);
    try {
      const images = await worker.transform(job.blob, job.wishes, job.signal);
      this.#idle = [...this.#idle, worker];
      return images;
    } catch (error) {
      if (error instanceof WorkerFailure) return this.#recover(worker, error, job);
      this.#idle = [...this.#idle, worker];
      throw error;
    }
  }

  /** The broken worker goes; the next image gets a new one. */
  async #recover(worker: ImageWorker, { reason }: WorkerFailure, job: Job): Promise<ImageSet> {
    worker.terminate();
    job.signal.throwIfAborted();
    // What keeps a worker busy for so long would block the page as long.
    return reason === 'timeout' ? keepHere(job) : transformHere(job);
  }

  async #takeWorker(): Promise<ImageWorker | undefined> {
    const idle = this.#idle.at(-1);
    this.#idle = this.#idle.slice(0, -1);
    if (idle) return idle;
    if (this.#firstStart) await this.#firstStart;
    if (this.#isBlocked) return undefined;
    const start = startWorker(this.#createWorker).catch(() => {
      this.#isBlocked = true;
      return undefined;
    });
    this.#firstStart ??= start.then(() => undefined);
    return start;
  }

  #rest(): void {
    for (const worker of this.#idle) worker.terminate();
    this.#idle = [];
  }
}

/** Gigabytes of memory up to which a phone is given one image at a time. */
const SMALL_MEMORY = 4;
const MAX_WORKERS = 4;

/** What a browser tells of its machine; not every one tells of memory. */
export interface Machine {
  readonly hardwareConcurrency?: number;
  readonly deviceMemory?: number;
}

/** One processor is left to the page, unless there are but two: decoding waits for memory as much as for a processor. */
export function countWorkers({ hardwareConcurrency = 1, deviceMemory = Infinity }: Machine = {}): number {
  if (deviceMemory <= SMALL_MEMORY) return 1;
  return Math.max(Math.min(2, hardwareConcurrency), Math.min(MAX_WORKERS, hardwareConcurrency - 1));
}

/** On the page. Loaded only where it is needed: the worker brings its own copy. */
async function transformHere({ blob, wishes, signal }: Job): Promise<ImageSet> {
  const { transformAll } = await import('./transform-all.js');
  return transformAll(blob, wishes, signal);
}

async function keepHere({ blob, wishes }: Job): Promise<ImageSet> {
  const { keepImage } = await import('./transform-all.js');
  return keepImage(blob, wishes);
}
