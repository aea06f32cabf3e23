// Makes thumbnails in two workers of their own, so that they wait for no upload; on the page itself where workers are not allowed.
import { createWorker } from './create-worker.js';
import type { Preview, PreviewWay } from './preview-messages.js';
import { PreviewWorker } from './preview-worker.js';

export interface PreviewPoolOptions {
  readonly createWorker?: () => Worker;
  /** Milliseconds without work after which the workers end; 10 000. */
  readonly idleMs?: number;
  /** Milliseconds after which a worker counts as stuck; 30 000, and twice as many for HEIC, whose decoder is loaded. */
  readonly patienceMs?: number;
}

interface Slot {
  /** Undefined when it could not be started. */
  worker: Promise<PreviewWorker | undefined> | undefined;
  jobCount: number;
}

const DEFAULTS = { createWorker, idleMs: 10_000, patienceMs: 30_000 } as const;

export class PreviewPool {
  readonly #options: Required<PreviewPoolOptions>;
  readonly #slots: readonly [Slot, Slot] = [
    { worker: undefined, jobCount: 0 },
    { worker: undefined, jobCount: 0 },
  ];
  /** Workers do not start here; on this page that will not change. */
  #isBlocked = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PreviewPoolOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Starts the workers, for pictures that will be asked for in a moment. */
  warm(): void {
    for (const slot of this.#slots) slot.worker ??= this.#start();
    this.#rest();
  }

  /**
   * Makes a picture; jobs of one worker wait for each other there.
   * @returns Undefined when none can be made.
   */
  async make(blob: Blob, way: PreviewWay = 'decode'): Promise<Preview | undefined> {
    clearTimeout(this.#idleTimer);
    const [one, other] = this.#slots;
    const slot = other.jobCount < one.jobCount ? other : one;
    slot.jobCount += 1;
    try {
      return await this.#makeIn(slot, blob, way);
    } catch {
      // Its worker broke over another image: that is no fault of this one.
      return await this.#makeIn(slot, blob, way).catch(() => undefined);
    } finally {
      slot.jobCount -= 1;
      this.#rest();
    }
  }

  async #makeIn(slot: Slot, blob: Blob, way: PreviewWay): Promise<Preview | undefined> {
    const started = (slot.worker ??= this.#start());
    const worker = await started;
    if (!worker) return makeHere(blob, way);
    const { patienceMs } = this.#options;
    try {
      return await worker.ask(blob, way, way === 'heic' ? 2 * patienceMs : patienceMs);
    } finally {
      if (worker.isBroken && slot.worker === started) slot.worker = undefined;
    }
  }

  /** Ends the workers; another job starts them again. */
  close(): void {
    clearTimeout(this.#idleTimer);
    for (const slot of this.#slots) {
      void slot.worker?.then((worker) => worker?.terminate());
      slot.worker = undefined;
    }
  }

  #rest(): void {
    clearTimeout(this.#idleTimer);
    if (this.#slots.some(({ jobCount }) => jobCount > 0)) return;
    this.#idleTimer = setTimeout(() => this.close(), this.#options.idleMs);
  }

  async #start(): Promise<PreviewWorker | undefined> {
    if (this.#isBlocked) return undefined;
    try {
      return await PreviewWorker.start(this.#options.createWorker);
    } catch {
      this.#isBlocked = true;
      return undefined;
    }
  }
}

/** On the page. Loaded only where it is needed: the worker brings its own copy. */
async function makeHere(blob: Blob, way: PreviewWay): Promise<Preview | undefined> {
  const { makePreview } = await import('./make-preview.js');
  return makePreview(blob, way);
}
