// What went through a fault proxy: one entry a request, and the sums that tests judge by.
import type { Side } from './actions.js';

export type Outcome =
  /** Not over yet. */
  | 'open'
  /** The client got a whole answer, the target's or a rule's. */
  | 'answered'
  | 'reset'
  | 'swallowed'
  | 'cut'
  | 'down'
  | 'client-gone'
  | 'target-gone';

export interface TrafficEntry {
  readonly from: Side;
  readonly method: string;
  /** Without the query, which holds signatures. */
  readonly path: string;
  readonly partNumber: number | undefined;
  readonly uploadId: string | undefined;
  /** Counts the clients' connections from 1. */
  readonly connection: number;
  readonly rule: string | undefined;
  /** Of the target's answer, or the rule's. */
  readonly status: number | undefined;
  /** Body bytes taken from the client, passed on or not. */
  readonly requestBytes: number;
  /** Body bytes given to the client. */
  readonly responseBytes: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly outcome: Outcome;
}

export type TrafficFilter = Partial<
  Pick<TrafficEntry, 'from' | 'method' | 'path' | 'partNumber' | 'uploadId' | 'rule' | 'status' | 'outcome'>
>;

/** An entry while its request runs. */
export type OpenEntry = { -readonly [Field in keyof TrafficEntry]: TrafficEntry[Field] };

export class TrafficLog {
  #entries: OpenEntry[] = [];

  /** In the order of their start; entries of requests that still run change. */
  get entries(): readonly TrafficEntry[] {
    return this.#entries;
  }

  open(facts: Omit<TrafficEntry, 'status' | 'requestBytes' | 'responseBytes' | 'endedAtMs' | 'outcome'>) {
    const nothing = { status: undefined, requestBytes: 0, responseBytes: 0, endedAtMs: undefined };
    const entry: OpenEntry = { ...facts, ...nothing, outcome: 'open' };
    this.#entries.push(entry);
    return entry;
  }

  /** Takes out what is over: for runs that are too long to keep all of it. */
  takeEnded(): readonly TrafficEntry[] {
    const ended = this.#entries.filter(({ endedAtMs }) => endedAtMs !== undefined);
    this.#entries = this.#entries.filter(({ endedAtMs }) => endedAtMs === undefined);
    return ended;
  }

  clear(): void {
    this.#entries = [];
  }

  /** Entries that equal the filter in every field given. */
  select(filter: TrafficFilter = {}): readonly TrafficEntry[] {
    const wanted = Object.entries(filter) as [keyof TrafficFilter, unknown][];
    return this.#entries.filter((entry) => wanted.every(([field, value]) => entry[field] === value));
  }

  /** Body bytes that clients sent, as far as they came. */
  bytesSent(filter: TrafficFilter = {}): number {
    return this.select(filter).reduce((sum, { requestBytes }) => sum + requestBytes, 0);
  }

  /**
   * Body bytes that browsers sent in vain.
   * @param objectBytes - Of all objects that they were sent for.
   */
  bytesSentTwice(objectBytes: number): number {
    return this.bytesSent({ from: 'browser', method: 'PUT' }) - objectBytes;
  }

  /** The most requests that ran at one time. */
  inFlightMax(filter: TrafficFilter = {}): number {
    return mostAtOnce(this.select(filter));
  }

  /** The most parts that were on their way at one time. */
  partsInFlightMax(): number {
    return mostAtOnce(this.select({ method: 'PUT' }).filter(({ partNumber }) => partNumber !== undefined));
  }
}

function mostAtOnce(entries: readonly TrafficEntry[]): number {
  const steps = entries.flatMap(({ startedAtMs, endedAtMs = Infinity }) => [
    { atMs: startedAtMs, change: 1 },
    { atMs: endedAtMs, change: -1 },
  ]);
  // At the same moment the end comes first: one after the other is not at once.
  steps.sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let now = 0;
  return steps.reduce((most, { change }) => Math.max(most, (now += change)), 0);
}
