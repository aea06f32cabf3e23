// Time that passes only when a test says so: pauses that wait for it, in order, and a look at what was asked for.

/** The ticks of the watchdog, and the time after which a small file is worth a record. */
const BACKGROUND_MS: ReadonlySet<number> = new Set([2000, 1000]);
const TURNS = 20;

/** Everything that is ready to happen now has happened. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class VirtualTime {
  nowMs = 0;
  /** Every pause between tries that was asked for, in milliseconds. */
  readonly pauses: number[] = [];
  /** Pauses between tries wait for `advance`; without it they pass at once. What goes on in the background always waits. */
  holdsPauses = false;
  /** Hears of each step, so that other clocks can follow. */
  onStep: ((ms: number) => void) | undefined;
  readonly #sleepers = new Set<Sleeper>();

  /** Lets time pass; what sleeps until then wakes in order. @param stepMs - The longest step at once. */
  async advance(ms: number, stepMs = Infinity): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].toSorted((a, b) => a.atMs - b.atMs)[0];
      const atMs = Math.min(untilMs, this.nowMs + stepMs, next?.atMs ?? Infinity);
      this.#moveTo(atMs);
      if (next && next.atMs <= atMs) this.#wake(next);
      else if (atMs >= untilMs) break;
    }
    await settle();
  }

  /** The device sleeps: time passes, and nothing else happens. */
  skip(ms: number): void {
    this.nowMs += ms;
  }

  sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    const isBackground = BACKGROUND_MS.has(delayMs);
    if (!isBackground) this.pauses.push(delayMs);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const leave = () => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason as Error);
      };
      const wake = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper: Sleeper = { atMs: this.nowMs + delayMs, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', leave, { once: true });
      if (!isBackground && !this.holdsPauses) setImmediate(() => this.#passAtOnce(sleeper));
    });
  }

  #passAtOnce(sleeper: Sleeper): void {
    if (!this.#sleepers.has(sleeper)) return;
    this.#moveTo(sleeper.atMs);
    this.#wake(sleeper);
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    sleeper.wake();
  }

  #moveTo(atMs: number): void {
    const stepMs = Math.max(0, atMs - this.nowMs);
    this.nowMs += stepMs;
    if (stepMs > 0) this.onStep?.(stepMs);
  }
}
