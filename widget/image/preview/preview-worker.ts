// One thumbnail worker as the pool sees it: jobs go in, pictures come out, in their order.
import type { FromPreviewWorker, Preview, PreviewWay, ToPreviewWorker } from './preview-messages.js';

interface Asked {
  readonly resolve: (preview: Preview | undefined) => void;
  readonly reject: (reason: Error) => void;
}

const READY_TIMEOUT_MS = 3_000;

export class PreviewWorker {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  /** It broke or got stuck: it is of no more use. */
  isBroken = false;

  /**
   * Resolves when the worker says that it runs: one that a content security policy blocks fires `error` later.
   * @throws {Error} Where workers do not start.
   */
  static async start(create: () => Worker): Promise<PreviewWorker> {
    const worker = create();
    try {
      await untilReady(worker);
      return new PreviewWorker(worker);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromPreviewWorker>) => {
      if (data.type === 'done') this.#asked.get(data.id)?.resolve(data.preview);
    });
    worker.addEventListener('error', (event) => {
      // Handled: the page's own error reports are not ours to fill.
      event.preventDefault();
      this.#break();
    });
  }

  /**
   * @returns Undefined when there is no picture, or the worker broke over it.
   * @throws {Error} When it broke over an earlier one.
   */
  async ask(blob: Blob, way: PreviewWay, patienceMs: number): Promise<Preview | undefined> {
    const id = (this.#lastId += 1);
    const timer = setTimeout(() => this.#break(), patienceMs);
    try {
      return await new Promise<Preview | undefined>((resolve, reject) => {
        this.#asked.set(id, { resolve, reject });
        const job: ToPreviewWorker = { id, blob, way };
        this.#worker.postMessage(job, []);
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #break(): void {
    this.isBroken = true;
    this.terminate();
    const [first, ...others] = this.#asked.values();
    first?.resolve(undefined);
    for (const { reject } of others) reject(new Error('The thumbnail worker broke over another image.'));
  }
}

function untilReady(worker: Worker): Promise<void> {
  const end = new AbortController();
  const { signal } = end;
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The thumbnail worker does not start.')),
      READY_TIMEOUT_MS,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
    worker.addEventListener('message', () => resolve(), { signal });
    worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault();
        reject(new Error('The thumbnail worker failed.'));
      },
      { signal },
    );
  }).finally(() => end.abort());
}
