// Transforms images in a few workers, made when the first image comes; on the page itself where workers are not allowed.
import { type ImageWorker, startWorker, WorkerFailure } from './image-worker.js';
import type { TransformedImage } from './transform.js';
import type { ImageWishes } from './transform-plan.js';

export interface ImagePipelineOptions {
  readonly createWorker: () => Worker;
  /** Images at once; 2, or 1 on a single core: each is held decoded, so memory is the limit. */
  readonly maxWorkers?: number;
  /** Milliseconds without work after which the workers end; 30 000. */
  readonly idleMs?: number;
}

interface Job {
  readonly blob: Blob;
  readonly wishes: ImageWishes;
  readonly signal: AbortSignal;
}

const DEFAULT_IDLE_MS = 30_000;

export class ImagePipeline {
  readonly #createWorker: () => Worker;
  readonly #maxWorkers: number;
  readonly #idleMs: number;
  #idle: readonly ImageWorker[] = [];
  #waiting: readonly (() => void)[] = [];
  #running = 0;
  /** Workers do not start here; on this page that will not change. */
  #isBlocked = false;
  /** The first start, however it ended: each one that a content security policy blocks is reported to the site. */
  #firstStart: Promise<void> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ createWorker, maxWorkers, idleMs = DEFAULT_IDLE_MS }: ImagePipelineOptions) {
    this.#createWorker = createWorker;
    this.#maxWorkers = maxWorkers ?? Math.min(2, globalThis.navigator?.hardwareConcurrency ?? 1);
    this.#idleMs = idleMs;
  }

  /**
   * Transforms one image as `transformImage` does, when its turn has come.
   * @throws {ImageError} As `transformImage`. @throws The signal's reason when it is aborted.
   */
  async transform(blob: Blob, wishes: ImageWishes, signal: AbortSignal): Promise<TransformedImage> {
    await this.#turn();
    try {
      signal.throwIfAborted();
      return await this.#work({ blob, wishes, signal });
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  async #work(job: Job): Promise<TransformedImage> {
    const worker = await this.#takeWorker();
    if (!worker) return transformHere(job);
    try {
      const image = await worker.transform(job.blob, job.wishes, job.signal);
      this.#idle = [...this.#idle, worker];
      return image;
    } catch (error) {
      if (error instanceof WorkerFailure) return this.#recover(worker, error, job);
      this.#idle = [...this.#idle, worker];
      throw error;
    }
  }

  /** The broken worker goes; the next image gets a new one. */
  async #recover(worker: ImageWorker, { reason }: WorkerFailure, job: Job): Promise<TransformedImage> {
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

  #turn(): Promise<void> {
    clearTimeout(this.#idleTimer);
    return new Promise((resolve) => {
      this.#waiting = [...this.#waiting, resolve];
      this.#next();
    });
  }

  #next(): void {
    const [start, ...others] = this.#waiting;
    if (start && this.#running < this.#maxWorkers) {
      this.#waiting = others;
      this.#running += 1;
      start();
    }
    if (this.#running === 0) this.#idleTimer = setTimeout(() => this.#rest(), this.#idleMs);
  }

  #rest(): void {
    for (const worker of this.#idle) worker.terminate();
    this.#idle = [];
  }
}

/** On the page. Loaded only where it is needed: the worker brings its own copy. */
async function transformHere({ blob, wishes, signal }: Job): Promise<TransformedImage> {
  const { transformImage } = await import('./transform.js');
  return transformImage(blob, { ...wishes, signal });
}

async function keepHere({ blob, wishes }: Job): Promise<TransformedImage> {
  const { keepImage } = await import('./transform.js');
  return keepImage(blob, wishes);
}
