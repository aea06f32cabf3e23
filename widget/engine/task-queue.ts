// Limits how many tasks run at once. One instance serves every Uploader of a page, so that they share the connections.

interface Waiting {
  readonly place: Place;
  readonly start: () => void;
}

interface SiteName {
  readonly signer: string;
  readonly siteKey: string;
}

export interface Place {
  /** Tasks at once, by the wish of whoever brings this one. */
  readonly limit: number;
  /** Of those that wait, the lowest goes first. */
  readonly rank: number;
  /** For how many tasks it counts; 1. */
  readonly weight?: number;
}

/** The limit falls while storage asks for less, and rises again task by task. */
export class TaskQueue {
  #running = 0;
  /** By rank. */
  #waiting: Waiting[] = [];
  /** Of those that wait, or more: when it is reached, nobody has to be asked. */
  #largestLimit = 1;
  #cap = Infinity;
  #successes = 0;
  /** Tasks of before the last slow-down: their failures tell nothing new. */
  #stale = 0;

  /**
   * Runs a task when fewer than `limit` tasks are running.
   * @throws The signal's reason when it is aborted while the task waits.
   */
  async run<T>(place: Place, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.enter(place, signal);
    try {
      return await task();
    } finally {
      this.leave();
    }
  }

  /**
   * Waits for a turn, for tasks that end one by one: each one calls `leave`.
   * @throws The signal's reason when it is aborted meanwhile.
   */
  enter(place: Place, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiting: Waiting = { place, start };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#largestLimit = Math.max(this.#largestLimit, place.limit);
      this.#waiting.splice(this.#firstAfter(place.rank), 0, waiting);
      this.#next();
    });
  }

  /** A task is over. */
  leave(): void {
    this.#running -= 1;
    this.#next();
  }

  /** Storage is overloaded, or the line breaks under so many: half as many from now on. */
  slowDown(): void {
    this.#successes = 0;
    if (this.#stale > 0) {
      this.#stale -= 1;
      return;
    }
    const atOnce = Math.min(this.#cap, this.#running);
    this.#stale = atOnce - 1;
    this.#cap = Math.max(1, Math.floor(atOnce / 2));
  }

  /** A task went well; as many as run at once allow one more. */
  speedUp(): void {
    if (this.#cap === Infinity) return;
    this.#stale = 0;
    this.#successes += 1;
    if (this.#successes < this.#cap) return;
    this.#successes = 0;
    this.#cap = this.#cap >= MOST ? Infinity : this.#cap + 1;
    this.#next();
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running < Math.min(this.#largestLimit, this.#cap)) {
      const index = this.#waiting.findIndex(({ place }) => this.#hasRoom(place));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!next) return;
      this.#running += next.place.weight ?? 1;
      next.start();
    }
    if (this.#waiting.length === 0) this.#largestLimit = 1;
  }

  #hasRoom({ limit, weight = 1 }: Place): boolean {
    // What is too heavy for any room goes alone.
    return this.#running === 0 || this.#running + weight <= Math.min(limit, this.#cap);
  }

  /** Where one of this rank has its place, by halving: ten thousand may wait. */
  #firstAfter(rank: number): number {
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#waiting[middle]?.place.rank ?? Infinity) > rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** More at once than this is no matter of the cap. */
const MOST = 64;

/** The requests to storage of the whole page. */
export const storageQueue = new TaskQueue();

const partQueues = new Map<string, TaskQueue>();

/**
 * The parts of a site that are hashed and signed, or on their way. Those that wait for a storage in trouble keep their
 * places: another site of the page has places of its own.
 */
export function partQueueOf({ signer, siteKey }: SiteName): TaskQueue {
  const name = `${signer} ${siteKey}`;
  const queue = partQueues.get(name) ?? new TaskQueue();
  partQueues.set(name, queue);
  return queue;
}
