// The hash worker as the page sees it: told apart by id, watched while it works.
import type { FromWorker, ToWorker } from './worker-messages.js';

/** The worker cannot be used, or no longer: blocked, crashed or stuck. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

interface Job {
  readonly resolve: (md5: string) => void;
  readonly reject: (reason: unknown) => void;
}

const READY_TIMEOUT_MS = 3_000;
/** A chunk takes milliseconds, and a worker that waits for the disk still answers. */
const PING_EVERY_MS = 10_000;

/**
 * Starts a worker and waits until it says that it runs: one that a content security policy
 * blocks fires `error` later instead of throwing.
 * @throws {WorkerFailure} Or whatever creating a worker throws.
 */
export async function startWorker(create: () => Worker, pingEveryMs = PING_EVERY_MS): Promise<HashWorker> {
  const worker = create();
  const end = new AbortController();
  const { signal } = end;
  try {
    return await new Promise<HashWorker>((resolve, reject) => {
      const timer = setTimeout(() => reject(new WorkerFailure()), READY_TIMEOUT_MS);
      signal.addEventListener('abort', () => clearTimeout(timer));
      worker.addEventListener('error', (event) => fail(event, reject), { signal });
      // The first thing that it says is that it is ready.
      worker.addEventListener('message', () => resolve(new HashWorker(worker, pingEveryMs)), { signal });
    });
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    end.abort();
  }
}

export class HashWorker {
  readonly #worker: Worker;
  readonly #pingEveryMs: number;
  readonly #jobs = new Map<number, Job>();
  #lastId = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  #isPinged = false;
  #hasEnded = false;

  /** @param worker - One that runs. */
  constructor(worker: Worker, pingEveryMs: number) {
    this.#worker = worker;
    this.#pingEveryMs = pingEveryMs;
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener('messageerror', () => this.#fail());
    worker.addEventListener('error', (event) => fail(event, () => this.#fail()));
  }

  /** @throws {WorkerFailure} The worker is of no more use. @throws The read's own error: it goes on. */
  md5(body: Blob | ArrayBuffer, signal: AbortSignal): Promise<string> {
    const id = (this.#lastId += 1);
    const abort = () => this.#say({ type: 'abort', id });
    signal.addEventListener('abort', abort);
    return new Promise<string>((resolve, reject) => {
      if (this.#hasEnded) throw new WorkerFailure();
      this.#say({ type: 'hash', id, body });
      this.#jobs.set(id, { resolve, reject });
      this.#watch ??= setInterval(() => this.#ping(), this.#pingEveryMs);
    }).finally(() => signal.removeEventListener('abort', abort));
  }

  terminate(): void {
    this.#hasEnded = true;
    clearInterval(this.#watch);
    this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    this.#isPinged = false;
    if (message.type !== 'done' && message.type !== 'failed') return;
    const job = this.#jobs.get(message.id);
    this.#jobs.delete(message.id);
    if (this.#jobs.size === 0) this.#rest();
    if (message.type === 'done') job?.resolve(message.md5);
    else job?.reject(new DOMException(message.message, message.name));
  }

  #ping(): void {
    if (this.#isPinged) return this.#fail();
    this.#isPinged = true;
    this.#say({ type: 'ping' });
  }

  #rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#isPinged = false;
  }

  #fail(): void {
    this.terminate();
    for (const { reject } of this.#jobs.values()) reject(new WorkerFailure());
    this.#jobs.clear();
  }

  #say(message: ToWorker): void {
    // Nothing to transfer: a blob is shared, and the bytes of a small body are still to be sent.
    this.#worker.postMessage(message, []);
  }
}

function fail(event: Event, report: (failure: WorkerFailure) => void): void {
  // Handled: the page's own error reports are not ours to fill.
  event.preventDefault();
  report(new WorkerFailure());
}
