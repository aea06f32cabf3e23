// Limits how many tasks run at once. One instance serves every Uploader of a page, so that they share the connections.

interface Waiting {
  readonly limit: number;
  readonly start: () => void;
}

/** First come, first served; each task brings the limit that its Uploader was given. */
export class TaskQueue {
  #running = 0;
  #waiting: readonly Waiting[] = [];

  /**
   * Runs a task when fewer than `limit` tasks are running.
   * @throws The signal's reason when it is aborted while the task waits.
   */
  async run<T>(limit: number, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(limit, signal);
    try {
      return await task();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #turn(limit: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { limit: Math.max(1, limit), start };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.#next();
    });
  }

  #next(): void {
    const next = this.#waiting.find(({ limit }) => this.#running < limit);
    if (!next) return;
    this.#waiting = this.#waiting.filter((other) => other !== next);
    this.#running += 1;
    next.start();
  }
}

/** The requests to storage of the whole page. */
export const storageQueue = new TaskQueue();
