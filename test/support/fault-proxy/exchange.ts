// One request at the proxy, from its head to whatever ends it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { OpenEntry, Outcome } from './traffic-log.js';

const PROBE_MS = 200;

export class Exchange {
  readonly #broken = new AbortController();

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly entry: OpenEntry,
  ) {
    response.once('close', () => this.#end(response.writableFinished ? 'answered' : 'client-gone'));
  }

  /** Aborted when the request ends without a whole answer. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  get isOpen(): boolean {
    return this.entry.outcome === 'open';
  }

  /** Resets the client's connection. */
  reset(outcome: Outcome): void {
    this.#end(outcome);
    // Gone from the request when its connection is.
    (this.request.socket as typeof this.request.socket | null)?.resetAndDestroy();
  }

  /** @throws When the request ends meanwhile. */
  async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.broken });
  }

  /**
   * Looks out for a client that hangs up while its body is left unread: a closing that comes behind unread bytes shows only to
   * who writes. An interim answer is the one thing that may be written, and no page ever sees it.
   * @returns What ends the watch.
   */
  watchClient(): () => void {
    const probe = setInterval(() => {
      if (this.isOpen && !this.response.headersSent) this.response.writeProcessing();
    }, PROBE_MS);
    return () => clearInterval(probe);
  }

  #end(outcome: Outcome): void {
    if (!this.isOpen) return;
    this.entry.outcome = outcome;
    this.entry.endedAtMs = performance.now();
    if (outcome !== 'answered') this.#broken.abort();
  }
}
