// Tries again what may pass, in growing pauses, until nothing has moved for a quarter of an hour.
import { RETRY_BUDGET_MS, retryDelayMs } from '../../../server/rules/retry-delay.js';
import { isOffline } from '../is-offline.js';
import type { Host, MonotonicNow, Sleep } from '../ports.js';
import { UploadError } from '../upload-error.js';
import type { UploadEvent } from '../upload-state.js';

export interface PatienceWorld {
  readonly now: MonotonicNow;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly report: (event: UploadEvent) => void;
  /** Whether the signer answers, whatever the browser says of the network. */
  readonly isReachable: () => Promise<boolean>;
}

const BRIEF_TRIES = 3;
/** The browser's word that there is no network is doubted this often. */
const PROBE_INTERVAL_MS = 15_000;
/** A pause that took this much longer than it should: the device slept, which is nobody's lost time. */
const SLEEP_MARGIN_MS = 60_000;

/** The patience of one upload, shared by all its parts that are under way at once. */
export class Patience {
  readonly #world: PatienceWorld;
  #movedAtMs: number;
  /** Counts up with each move, so that a try after a move is a first one. */
  #moves = 0;
  #working = 0;
  #hasBegun = false;

  constructor(world: PatienceWorld) {
    this.#world = world;
    this.#movedAtMs = world.now();
  }

  /** The first turn to send has come; waiting for it was no fault. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.moved();
  }

  /** Something went on: the time that may pass without begins anew. */
  moved(): void {
    this.#movedAtMs = this.#world.now();
    this.#moves += 1;
  }

  /**
   * @param signal - Ends a pause, besides the upload's own.
   * @returns What the first successful try returns.
   * @throws The error of a try that cannot pass, of the last brief one, or of the one that ends the patience.
   */
  async keepTrying<T>(work: () => Promise<T>, signal = this.#world.signal): Promise<T> {
    let movesBefore = this.#moves;
    let briefTries = 0;
    let hasHurried = false;
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      try {
        return await this.#attempt(work);
      } catch (error) {
        signal.throwIfAborted();
        if (this.#moves !== movesBefore) [tries, hasHurried] = [1, false];
        movesBefore = this.#moves;
        // What passes soon counts by itself: it may come at the end of trouble that lasted.
        briefTries = error instanceof UploadError && error.persistence === 'brief' ? briefTries + 1 : 0;
        if (!(error instanceof UploadError) || !this.#isWorthwhile(error, briefTries)) throw error;
        // Once, until something moves: what still fails then takes longer.
        if (error.passesAtOnce && !hasHurried) hasHurried = true;
        else await this.#rest(error, tries, signal);
      }
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
    }
  }

  #isWorthwhile({ persistence }: UploadError, briefTries: number): boolean {
    if (persistence === 'brief') return briefTries < BRIEF_TRIES;
    return persistence === 'long' && this.#world.now() - this.#movedAtMs <= RETRY_BUDGET_MS;
  }

  async #rest(error: UploadError, tries: number, signal: AbortSignal): Promise<void> {
    const { now, random, report } = this.#world;
    const { retryAfterSeconds } = error;
    const asked = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    const delayMs = retryDelayMs(tries, { random, ...asked });
    const startedAtMs = now();
    const spentMs = startedAtMs - this.#movedAtMs;
    if (isOffline()) {
      await this.#untilOnline(signal);
      this.#forgive(spentMs);
    } else {
      // Other parts may still move; then nobody needs to know of this one.
      const wait = {
        type: 'wait',
        reason: error.code,
        attempt: tries,
        retryAtMs: startedAtMs + delayMs,
      } as const;
      if (this.#working === 0) report(wait);
      await this.#pause(delayMs, { endsEarly: retryAfterSeconds === undefined, signal });
      if (now() - startedAtMs > delayMs + SLEEP_MARGIN_MS) this.#forgive(spentMs + delayMs);
      // A signer that lets so many through a minute is in order: waiting for one's turn is no trouble.
      if (error.code === 'rate-limited') this.#forgive(spentMs);
    }
    report({ type: 'go-on' });
  }

  /** Time that the device slept or had no network does not count. Every waiting part comes to the same instant. */
  #forgive(spentMs: number): void {
    this.#movedAtMs = Math.max(this.#movedAtMs, this.#world.now() - spentMs);
  }

  async #untilOnline(signal: AbortSignal): Promise<void> {
    const { now, report, isReachable } = this.#world;
    report({ type: 'wait', reason: 'offline', attempt: 1, retryAtMs: now() + PROBE_INTERVAL_MS });
    do await this.#pause(PROBE_INTERVAL_MS, { endsEarly: true, signal });
    while (isOffline() && !(await isReachable()));
    signal.throwIfAborted();
  }

  /** Ends early when the page wakes up, unless the other side asked for the time. */
  async #pause(
    delayMs: number,
    { endsEarly, signal }: { readonly endsEarly: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const { sleep, host } = this.#world;
    if (!endsEarly) return sleep(delayMs, signal);
    const woken = new AbortController();
    const stopListening = host.onWake(() => woken.abort());
    try {
      await sleep(delayMs, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      // A sleep that ends otherwise is none: without it the next try would come at once, and the next.
      if (!woken.signal.aborted) throw error;
      signal.throwIfAborted();
    } finally {
      stopListening();
    }
  }
}
