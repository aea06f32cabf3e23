// Makes thumbnails in two workers of their own, so that they wait for no upload; on the page itself where workers are not allowed.
import { createWorker } from './create-worker.js';
import type { FromPreviewWorker, ToPreviewWorker } from './preview-messages.js';

export interface PreviewPoolOptions {
  readonly createWorker?: () => Worker;
  /** Milliseconds without work after which the workers end; 10 000. */
  readonly idleMs?: number;
  /** Milliseconds after which a worker counts as stuck; 20 000. */
  readonly patienceMs?: number;
}

/** Images that are worked on at once. */
export const PREVIEWS_AT_ONCE = 2;

const READY_TIMEOUT_MS = 3_000;
const DEFAULTS = { createWorker, idleMs: 10_000, patienceMs: 20_000 } as const;

export class PreviewPool {
  readonly #options: Required<PreviewPoolOptions>;
  #idle: readonly Worker[] = [];
  #busyCount = 0;
  /** Workers do not start here; on this page that will not change. */
  #isBlocked = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PreviewPoolOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * Takes the thumbnail that a camera put into the file.
   * @returns Undefined when there is none.
   */
  glance(blob: Blob): Promise<Blob | undefined> {
    return this.#do({ blob, isGlance: true });
  }

  /**
   * Makes a thumbnail. Calls that come together work at once: whoever calls keeps to `PREVIEWS_AT_ONCE`.
   * @returns Undefined when none can be made.
   */
  make(blob: Blob): Promise<Blob | undefined> {
    return this.#do({ blob, isGlance: false });
  }

  async #do(job: ToPreviewWorker): Promise<Blob | undefined> {
    clearTimeout(this.#idleTimer);
    this.#busyCount += 1;
    try {
      const worker = await this.#takeWorker();
      return worker ? await this.#ask(worker, job) : await makeHere(job);
    } finally {
      this.#busyCount -= 1;
      if (this.#busyCount === 0) this.#idleTimer = setTimeout(() => this.close(), this.#options.idleMs);
    }
  }

  /** Ends the workers that have nothing to do. */
  close(): void {
    clearTimeout(this.#idleTimer);
    for (const worker of this.#idle) worker.terminate();
    this.#idle = [];
  }

  async #takeWorker(): Promise<Worker | undefined> {
    const worker = this.#idle.at(-1);
    this.#idle = this.#idle.slice(0, -1);
    if (worker || this.#isBlocked) return worker;
    let created: Worker | undefined;
    try {
      created = this.#options.createWorker();
      await hear(created, 'ready', READY_TIMEOUT_MS);
      return created;
    } catch {
      created?.terminate();
      this.#isBlocked = true;
      return undefined;
    }
  }

  /** A worker that breaks, or is stuck, takes its image's thumbnail with it. */
  async #ask(worker: Worker, job: ToPreviewWorker): Promise<Blob | undefined> {
    try {
      const answer = hear(worker, 'done', this.#options.patienceMs);
      worker.postMessage(job, []);
      const { thumbnail } = await answer;
      this.#idle = [...this.#idle, worker];
      return thumbnail;
    } catch {
      worker.terminate();
      return undefined;
    }
  }
}

type Answer<Type> = Extract<FromPreviewWorker, { readonly type: Type }>;

/** @throws {Error} The worker broke, or was silent for too long. */
function hear<Type extends FromPreviewWorker['type']>(
  worker: Worker,
  type: Type,
  timeoutMs: number,
): Promise<Answer<Type>> {
  const end = new AbortController();
  const { signal } = end;
  return new Promise<Answer<Type>>((resolve, reject) => {
    const fail = (event: Event): void => {
      // Handled: the page's own error reports are not ours to fill.
      event.preventDefault();
      reject(new Error('The thumbnail worker failed.'));
    };
    const timer = setTimeout(() => reject(new Error('The thumbnail worker is silent.')), timeoutMs);
    signal.addEventListener('abort', () => clearTimeout(timer));
    worker.addEventListener('error', fail, { signal });
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<FromPreviewWorker>) => {
        if (isOf(data, type)) resolve(data);
      },
      { signal },
    );
  }).finally(() => end.abort());
}

function isOf<Type extends FromPreviewWorker['type']>(
  message: FromPreviewWorker,
  type: Type,
): message is Answer<Type> {
  return message.type === type;
}

/** On the page. Loaded only where it is needed: the worker brings its own copy. */
async function makeHere({ blob, isGlance }: ToPreviewWorker): Promise<Blob | undefined> {
  if (isGlance) return (await import('./glance.js')).glanceAt(blob);
  return (await import('./thumbnail.js')).makeThumbnail(blob);
}
