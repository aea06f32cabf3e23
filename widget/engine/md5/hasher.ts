// MD5 of what is sent, so that storage can refuse what arrives damaged: in a worker, and on the page itself where none may start.
import { createWorker } from './create-worker.js';
import { type HashWorker, startWorker, WorkerFailure } from './hash-worker.js';

export interface Hasher {
  /**
   * Base64 of the MD5 of a body, or of bytes that were read from it. Large bodies are read in chunks, one after the other in the order of the calls.
   * @throws The read's own error (`NotReadableError`, `NotFoundError`) when the body cannot be read.
   * @throws The signal's reason when it is aborted: a waiting body is dropped, a running one ends at its next chunk.
   */
  md5(body: Blob | ArrayBuffer, signal: AbortSignal): Promise<string>;
}

export interface HasherOptions {
  readonly createWorker?: () => Worker;
  /** Milliseconds without work after which the worker ends; 30 000. */
  readonly idleMs?: number;
  /** Milliseconds between two looks whether a busy worker still answers; 10 000. */
  readonly pingEveryMs?: number;
}

type Hash = (body: Blob, signal: AbortSignal) => Promise<string>;

const DEFAULT_IDLE_MS = 30_000;
/** A worker that broke this often is not started again. */
const MAX_FAILURES = 2;

/** Starts nothing yet: the worker comes with the first body. */
export function createHasher(options: HasherOptions = {}): Hasher {
  return new WorkerHasher(options);
}

class WorkerHasher implements Hasher {
  readonly #options: HasherOptions;
  #worker: Promise<HashWorker | undefined> | undefined;
  #gentleHash: Promise<Hash> | undefined;
  #running = 0;
  #failures = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HasherOptions) {
    this.#options = options;
  }

  async md5(body: Blob | ArrayBuffer, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    clearTimeout(this.#idleTimer);
    this.#running += 1;
    try {
      return await orAborted(this.#hash(body, signal), signal);
    } finally {
      this.#running -= 1;
      if (this.#running === 0 && this.#worker) this.#restLater();
    }
  }

  async #hash(body: Blob | ArrayBuffer, signal: AbortSignal): Promise<string> {
    const worker = await this.#takeWorker();
    signal.throwIfAborted();
    if (!worker) return this.#hashHere(body, signal);
    try {
      return await worker.md5(body, signal);
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      await this.#giveUp(worker);
      return this.#hashHere(body, signal);
    }
  }

  #takeWorker(): Promise<HashWorker | undefined> {
    if (this.#failures >= MAX_FAILURES) return Promise.resolve(undefined);
    this.#worker ??= this.#startWorker();
    return this.#worker;
  }

  async #startWorker(): Promise<HashWorker | undefined> {
    try {
      const { createWorker: create = createWorker, pingEveryMs } = this.#options;
      return await startWorker(create, pingEveryMs);
    } catch {
      // Workers do not start here; on this page that will not change.
      this.#failures = MAX_FAILURES;
      this.#worker = undefined;
      return undefined;
    }
  }

  /** Every body that waited for it comes here; only the first one counts. */
  async #giveUp(worker: HashWorker): Promise<void> {
    if ((await this.#worker) !== worker) return;
    this.#failures += 1;
    this.#worker = undefined;
  }

  /** Loaded only where it is needed: the worker brings its own copy. */
  async #hashHere(body: Blob | ArrayBuffer, signal: AbortSignal): Promise<string> {
    this.#gentleHash ??= import('./hash-gently.js').then(({ createGentleHash }) => createGentleHash());
    const hash = await this.#gentleHash.catch((error: unknown) => {
      // The line was down; the next body asks again.
      this.#gentleHash = undefined;
      throw error;
    });
    return hash('size' in body ? body : new Blob([body]), signal);
  }

  #restLater(): void {
    const { idleMs = DEFAULT_IDLE_MS } = this.#options;
    this.#idleTimer = setTimeout(() => {
      void this.#worker?.then((worker) => worker?.terminate());
      this.#worker = undefined;
    }, idleMs);
  }
}

/** Does not wait for the worker to notice. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
