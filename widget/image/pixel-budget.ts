// How many images may be decoded at once: some, and fewer when they are huge, for each is held in memory as pixels.

interface Waiting {
  readonly pixels: number;
  readonly start: () => void;
}

/** Two photos of the largest common cameras. */
const MAX_PIXELS = 2 * 50_000_000;

export class PixelBudget {
  readonly #maxImages: number;
  readonly #maxPixels: number;
  #images = 0;
  #pixels = 0;
  #waiting: readonly Waiting[] = [];

  constructor(maxImages: number, maxPixels = MAX_PIXELS) {
    this.#maxImages = maxImages;
    this.#maxPixels = maxPixels;
  }

  get isIdle(): boolean {
    return this.#images === 0 && this.#waiting.length === 0;
  }

  /**
   * Waits for a turn, first come, first served. One image alone may be of any size.
   * @returns What ends the turn.
   * @throws The signal's reason, at once, when it is aborted.
   */
  async take(pixels: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason);
        // Somebody smaller may fit now.
        this.#next();
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { pixels, start };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.#next();
    });
    return () => {
      this.#images -= 1;
      this.#pixels -= pixels;
      this.#next();
    };
  }

  #next(): void {
    const [first, ...others] = this.#waiting;
    if (!first) return;
    const fits = this.#images < this.#maxImages && this.#pixels + first.pixels <= this.#maxPixels;
    if (this.#images > 0 && !fits) return;
    this.#waiting = others;
    this.#images += 1;
    this.#pixels += first.pixels;
    first.start();
    this.#next();
  }
}
