// Collects items that are ready in the same moment and sends them in one call.
import type { UploadError } from './upload-error.js';

export interface BatchLimits {
  /** Of the items' JSON, in bytes; a single larger item goes alone. */
  readonly maxBytes: number;
  readonly maxItems: number;
}

/** One outcome per item, in order. A rejection fails every item of the call. */
export type BatchCall<Item, Outcome> = (
  items: readonly Item[],
) => Promise<readonly (Outcome | UploadError)[]>;

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly bytes: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** While this many calls are under way, further items wait and so share the next one. */
const MAX_CALLS = 3;

/**
 * Makes a function that hands one item in and gets its own outcome back.
 * Items handed in before the current turn of the event loop yields share a call.
 */
export function createBatcher<Item, Outcome>(
  call: BatchCall<Item, Outcome>,
  limits: BatchLimits,
): (item: Item) => Promise<Outcome> {
  type Entry = Waiting<Item, Outcome>;
  let waiting: readonly Entry[] = [];
  let calls = 0;

  const send = async (batch: readonly Entry[]) => {
    calls += 1;
    try {
      settle(batch, await call(batch.map(({ item }) => item)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    calls -= 1;
    flush();
  };
  const flush = () => {
    if (waiting.length === 0 || calls >= MAX_CALLS) return;
    const batch = waiting.slice(0, countThatFit(waiting, limits));
    waiting = waiting.slice(batch.length);
    void send(batch);
    flush();
  };
  return (item) =>
    new Promise((resolve, reject) => {
      // A microtask, not a timer: timers of hidden tabs run once a second or a minute.
      if (waiting.length === 0) queueMicrotask(flush);
      waiting = [...waiting, { item, bytes: jsonBytes(item), resolve, reject }];
    });
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

/** How many items from the front make one call; at least one. */
function countThatFit(items: readonly { readonly bytes: number }[], limits: BatchLimits): number {
  let bytes = 0;
  const tooMany = items.findIndex((item, index) => {
    bytes += item.bytes + 1;
    return index === limits.maxItems || bytes > limits.maxBytes;
  });
  return tooMany < 0 ? items.length : Math.max(1, tooMany);
}

function jsonBytes(item: unknown): number {
  return new TextEncoder().encode(JSON.stringify(item)).length;
}
