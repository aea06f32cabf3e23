// Collects items that are ready in the same moment and sends them in one call.
import type { UploadError } from './upload-error.js';

export interface BatchLimits<Item> {
  /** Of the items' JSON, in bytes; a single larger item goes alone. */
  readonly maxBytes: number;
  /** Of the items' weights; each weighs 1 unless `weigh` says otherwise. */
  readonly maxWeight: number;
  readonly weigh?: (item: Item) => number;
  /** How long an item waits for others that were announced; they share its call. */
  readonly holdMs?: number;
}

/** One outcome per item, in order. A rejection fails every item of the call. */
export type BatchCall<Item, Outcome> = (
  items: readonly Item[],
) => Promise<readonly (Outcome | UploadError)[]>;

export interface Batcher<Item, Outcome> {
  /** Hands one item in and gets its own outcome back. */
  add(item: Item): Promise<Outcome>;
  /** Announces an item that is still on its way. @returns To be called when it has come, or will not come. */
  expect(): () => void;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly bytes: number;
  readonly weight: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** While this many calls are under way, further items wait and so share the next one. */
const MAX_CALLS = 3;

/** Items handed in before the current turn of the event loop yields share a call. */
export function createBatcher<Item, Outcome>(
  call: BatchCall<Item, Outcome>,
  limits: BatchLimits<Item>,
): Batcher<Item, Outcome> {
  return new CallBatcher(call, limits);
}

class CallBatcher<Item, Outcome> implements Batcher<Item, Outcome> {
  readonly #call: BatchCall<Item, Outcome>;
  readonly #limits: BatchLimits<Item>;
  #waiting: Waiting<Item, Outcome>[] = [];
  #expected = 0;
  #calls = 0;
  #isScheduled = false;
  /** The first of those that wait has been held for long enough. */
  #isOverdue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(call: BatchCall<Item, Outcome>, limits: BatchLimits<Item>) {
    this.#call = call;
    this.#limits = limits;
  }

  add(item: Item): Promise<Outcome> {
    const weight = this.#limits.weigh?.(item) ?? 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes: jsonBytes(item), weight, resolve, reject });
      this.#schedule();
    });
  }

  expect(): () => void {
    let isHere = false;
    this.#expected += 1;
    return () => {
      if (isHere) return;
      isHere = true;
      this.#expected -= 1;
      this.#schedule();
    };
  }

  /** A microtask, not a timer: timers of hidden tabs run once a second or a minute. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#maySend()) {
      void this.#send(this.#waiting.splice(0, countThatFit(this.#waiting, this.#limits)));
    }
    if (this.#waiting.length === 0) this.#stopTimer();
    // Once the first has waited long enough, only calls under way hold it up, and each end of one looks again.
    else if (!this.#isOverdue) this.#timer ??= setTimeout(this.#ring, this.#limits.holdMs ?? 0);
  }

  #maySend(): boolean {
    if (this.#waiting.length === 0 || this.#calls >= MAX_CALLS) return false;
    const isFull =
      countThatFit(this.#waiting, this.#limits) < this.#waiting.length ||
      totalWeight(this.#waiting) >= this.#limits.maxWeight;
    return this.#expected === 0 || isFull || this.#isOverdue;
  }

  async #send(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    this.#calls += 1;
    try {
      settle(batch, await this.#call(batch.map(({ item }) => item)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#calls -= 1;
    this.#flush();
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.#isOverdue = true;
    this.#flush();
  };

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOverdue = false;
  }
}

/** Gives each item its outcome; an outcome that is an error fails only its item. */
function settle<Item, Outcome>(
  batch: readonly Waiting<Item, Outcome>[],
  outcomes: readonly (Outcome | UploadError)[],
): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome instanceof Error) reject(outcome);
    else resolve(outcome);
  }
}

type Measured = Pick<Waiting<unknown, unknown>, 'bytes' | 'weight'>;

/** How many items from the front make one call; at least one. */
function countThatFit(
  items: readonly Measured[],
  { maxBytes, maxWeight }: { readonly maxBytes: number; readonly maxWeight: number },
): number {
  let [bytes, weight] = [0, 0];
  const tooMany = items.findIndex((item) => {
    bytes += item.bytes + 1;
    weight += item.weight;
    return weight > maxWeight || bytes > maxBytes;
  });
  return tooMany < 0 ? items.length : Math.max(1, tooMany);
}

function totalWeight(items: readonly Measured[]): number {
  return items.reduce((sum, { weight }) => sum + weight, 0);
}

function jsonBytes(item: unknown): number {
  return new TextEncoder().encode(JSON.stringify(item)).length;
}
