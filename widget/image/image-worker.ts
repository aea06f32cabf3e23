// One worker as the pipeline sees it: one image at a time, and a deadline for each.
import { ImageError } from './image-error.js';
import type { ImageSet } from './transform-all.js';
import type { ImageSetWishes } from './transform-plan.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** The worker cannot be used, or no longer: blocked, crashed or stuck. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  readonly reason: 'error' | 'timeout';

  constructor(reason: 'error' | 'timeout') {
    super(`The image worker failed: ${reason}.`);
    this.reason = reason;
  }
}

const READY_TIMEOUT_MS = 3_000;
/** A worker that hears of no abort is in the middle of something long. */
const ABORT_TIMEOUT_MS = 1_000;
const JOB_TIMEOUT_MS = 10_000;
const JOB_TIMEOUT_MS_PER_MEGABYTE = 1_000;
/** Some browsers have no decoder for HEIC, nor a type: one is loaded, and takes seconds. */
const HEIC_DECODER_TIMEOUT_MS = 40_000;

/**
 * Starts a worker and waits until it says that it runs: one that a content security policy
 * blocks fires `error` later instead of throwing.
 * @throws {WorkerFailure} Or whatever creating a worker throws.
 */
export async function startWorker(create: () => Worker): Promise<ImageWorker> {
  const worker = create();
  try {
    await hear(worker, { fits: ({ type }) => type === 'ready', timeoutMs: READY_TIMEOUT_MS });
    return new ImageWorker(worker);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

export class ImageWorker {
  readonly #worker: Worker;
  #lastId = 0;

  /** @param worker - One that runs. */
  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** @throws {WorkerFailure} The worker is of no more use. @throws {ImageError} Or the signal's reason: it goes on. */
  async transform(blob: Blob, wishes: ImageSetWishes, signal: AbortSignal): Promise<ImageSet> {
    const id = (this.#lastId += 1);
    const end = new AbortController();
    const answer = hear(this.#worker, {
      fits: (message) => message.type !== 'ready' && message.id === id,
      timeoutMs: timeoutFor(blob),
      hurry: signal,
    });
    signal.addEventListener('abort', () => this.#say({ type: 'abort', id }), { signal: end.signal });
    try {
      this.#say({ type: 'transform', id, blob, wishes });
      const message = await answer;
      signal.throwIfAborted();
      if (message.type === 'failed') throw new ImageError(message.code, message.message);
      if (message.type === 'ready') throw new WorkerFailure('error');
      return message.images;
    } finally {
      end.abort();
    }
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #say(message: ToWorker): void {
    // Nothing to transfer: a blob is shared, not copied.
    this.#worker.postMessage(message, []);
  }
}

interface Expected {
  readonly fits: (message: FromWorker) => boolean;
  readonly timeoutMs: number;
  /** Once this is aborted, there is little time left. */
  readonly hurry?: AbortSignal;
}

/** Waits for a message; an error event or the time limit end the waiting. */
function hear(worker: Worker, { fits, timeoutMs, hurry }: Expected): Promise<FromWorker> {
  const end = new AbortController();
  const { signal } = end;
  return new Promise<FromWorker>((resolve, reject) => {
    const giveUp = () => reject(new WorkerFailure('timeout'));
    const timers = [setTimeout(giveUp, timeoutMs)];
    hurry?.addEventListener('abort', () => timers.push(setTimeout(giveUp, ABORT_TIMEOUT_MS)), { signal });
    signal.addEventListener('abort', () => timers.forEach(clearTimeout));
    worker.addEventListener(
      'error',
      (event) => {
        // Handled: the page's own error reports are not ours to fill.
        event.preventDefault();
        reject(new WorkerFailure('error'));
      },
      { signal },
    );
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<FromWorker>) => {
        if (fits(data)) resolve(data);
      },
      { signal },
    );
  }).finally(() => end.abort());
}

function timeoutFor({ size, type }: Blob): number {
  const decoderMs = /^image\/hei[cf]/.test(type) || type === '' ? HEIC_DECODER_TIMEOUT_MS : 0;
  return JOB_TIMEOUT_MS + decoderMs + (size / 1e6) * JOB_TIMEOUT_MS_PER_MEGABYTE;
}
