// Care for the page while files are sent: asks before it is left, keeps the screen on, and stops while nobody can see it at all.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FileSnapshot } from '../engine/snapshot.js';
import { forgetUnfinished, noteUnfinished } from './unfinished-hint.js';
import type { UploaderController } from './uploader-controller.js';

export interface GuardHost extends ReactiveControllerHost, HTMLElement {
  readonly uploads: UploaderController;
  readonly siteKey: string;
  readonly noResume: boolean;
}

const AT_REST: ReadonlySet<FileSnapshot['status']> = new Set(['paused', 'complete', 'failed']);

export class PageGuard implements ReactiveController {
  readonly #host: GuardHost;
  /** Present while files are sent; its end removes every listener. */
  #watch: AbortController | undefined;
  #lock: WakeLockSentinel | undefined;
  /** What was stopped with the page, by id. */
  #stopped: string[] = [];

  constructor(host: GuardHost) {
    this.#host = host;
  }

  hostUpdated(): void {
    const isNeeded = this.#host.uploads.isBusy || this.#stopped.length > 0;
    if (isNeeded && !this.#watch) this.#begin();
    else if (!isNeeded && this.#watch) this.#end();
  }

  hostConnected(): void {
    this.#goOn();
  }

  /** A move puts the element back in the same turn; what is really taken out sends nothing more. */
  hostDisconnected(): void {
    setTimeout(() => {
      if (!this.#host.isConnected) this.#stop();
    });
  }

  #begin(): void {
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    window.addEventListener('beforeunload', this.#ask, { signal });
    window.addEventListener('pagehide', () => this.#stop(), { signal });
    window.addEventListener('pageshow', () => this.#host.isConnected && this.#goOn(), { signal });
    window.addEventListener('storage', () => this.#note(), { signal });
    document.addEventListener('visibilitychange', () => void this.#keepScreenOn(), { signal });
    this.#note();
    void this.#keepScreenOn();
  }

  #end(): void {
    this.#watch?.abort();
    this.#watch = undefined;
    void this.#lock?.release();
    this.#lock = undefined;
    void this.#forget();
  }

  readonly #ask = (event: BeforeUnloadEvent): void => {
    // A form that waited is on its way, and nothing is left to lose.
    if (!this.#host.uploads.isBusy) return;
    event.preventDefault();
    // Older browsers ask for a value.
    event.returnValue = true;
  };

  /** Stops everything that runs, to go on with exactly that. */
  #stop(): void {
    const { engine, isBusy } = this.#host.uploads;
    if (!isBusy) return;
    const running = engine.files.filter(({ status }) => !AT_REST.has(status)).map(({ id }) => id);
    engine.pause();
    const paused = new Set(engine.files.filter(({ status }) => status === 'paused').map(({ id }) => id));
    this.#stopped = running.filter((id) => paused.has(id));
  }

  #goOn(): void {
    for (const id of this.#stopped.splice(0)) this.#host.uploads.engine.resume(id);
  }

  async #keepScreenOn(): Promise<void> {
    if (document.hidden || !('wakeLock' in navigator) || (this.#lock && !this.#lock.released)) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (this.#watch) this.#lock = lock;
      else await lock.release();
    } catch {
      // The battery is low, or the page may not: the upload goes on without.
    }
  }

  /** The next visit shall look for uploads that this one leaves unfinished. */
  #note(): void {
    if (!this.#host.noResume) noteUnfinished(this.#host.siteKey);
  }

  async #forget(): Promise<void> {
    const { uploads, siteKey } = this.#host;
    if (uploads.list.count('failed', 'paused') > 0) return;
    try {
      const left = await uploads.engine.unfinished();
      if (left.length === 0 && !uploads.isBusy) forgetUnfinished(siteKey);
    } catch {
      // Then the next visit asks in vain.
    }
  }
}
