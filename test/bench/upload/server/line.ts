// A line of limited speed: all bodies that come in at once share it.
import type { IncomingMessage } from 'node:http';

/** Shorter waits than a timer can keep are let through and made up for later. */
const LEAST_WAIT_MS = 5;

export class Line {
  readonly #bytesPerMs: number;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Lets the request's body in no faster than the line allows. */
  slow(request: IncomingMessage): void {
    request.on('data', (chunk: Buffer) => {
      const now = performance.now();
      this.#freeAtMs = Math.max(now, this.#freeAtMs) + chunk.length / this.#bytesPerMs;
      const waitMs = this.#freeAtMs - now;
      if (waitMs < LEAST_WAIT_MS) return;
      request.pause();
      setTimeout(() => request.resume(), waitMs);
    });
  }
}
