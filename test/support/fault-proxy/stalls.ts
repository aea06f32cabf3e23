// Requests that a rule holds still, until they are let go or hang up.

export class Stalls {
  #release = new AbortController();

  /** Lets all held requests go on; later ones are held again. */
  release(): void {
    this.#release.abort();
    this.#release = new AbortController();
  }

  /** @throws The signal's reason when the request ends first. */
  async wait(signal: AbortSignal): Promise<void> {
    const released = this.#release.signal;
    const either = AbortSignal.any([released, signal]);
    if (!either.aborted) {
      await new Promise<void>((resolve) => {
        either.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    signal.throwIfAborted();
  }
}
