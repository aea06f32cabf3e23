// What this process has planned in the last minutes: a call that is repeated because its answer was lost gets the same again.
import type { ProblemError } from '../problem.js';
import type { MultipartUpload, PutUpload } from '../protocol.js';
import type { TicketContent } from '../ticket.js';

export interface Planned {
  readonly plan: TicketContent;
  readonly upload: PutUpload | MultipartUpload;
}

/** The place of one file: the first who takes it plans, all others get that plan. */
export type Seat =
  | { readonly isFirst: false; readonly plan: Promise<Planned> }
  | {
      readonly isFirst: true;
      readonly keep: (plan: Planned) => void;
      /** Others who wait hear of it, too; whoever comes next plans anew. */
      readonly fail: (error: ProblemError) => void;
      /** Forgets the plan. @returns False when another call has it, too: then it stays. */
      readonly withdraw: () => boolean;
    };

export interface RecentPlans {
  /** @param name - The same for each try of one file. */
  take(name: string): Seat;
}

/** A place that nobody else can take. */
export const LONE_SEAT: Seat = {
  isFirst: true,
  keep: () => undefined,
  fail: () => undefined,
  withdraw: () => true,
};

interface Entry {
  readonly plan: Promise<Planned>;
  readonly takenAt: number;
  takers: number;
}

/** Milliseconds; shorter than a signature is valid. */
const KEPT_FOR = 10 * 60_000;
const MAX_ENTRIES = 5000;

export function createRecentPlans(now: () => Date): RecentPlans {
  const entries = new Map<string, Entry>();
  const forget = (name: string, entry: Entry) => {
    if (entries.get(name) === entry) entries.delete(name);
  };
  return {
    take(name) {
      const at = now().getTime();
      dropOld(entries, at);
      const known = entries.get(name);
      if (known) {
        known.takers += 1;
        return { isFirst: false, plan: known.plan.then((plan) => toldAgain(plan, at - known.takenAt)) };
      }
      const { promise, resolve, reject } = deferred<Planned>();
      const entry: Entry = { plan: promise, takenAt: at, takers: 1 };
      entries.set(name, entry);
      return {
        isFirst: true,
        keep: (planned) => resolve(withoutParts(planned)),
        fail: (error) => {
          forget(name, entry);
          reject(error);
        },
        withdraw: () => {
          if (entry.takers > 1) return false;
          forget(name, entry);
          return true;
        },
      };
    },
  };
}

/** The first in the map are the oldest. Those of the future are too: the clock was set back. */
function dropOld(entries: Map<string, Entry>, at: number): void {
  for (const [name, { takenAt }] of entries) {
    const isYoung = takenAt <= at && takenAt > at - KEPT_FOR;
    if (isYoung && entries.size < MAX_ENTRIES) return;
    entries.delete(name);
  }
}

/** Parts are signed when they are asked for. */
function withoutParts({ plan, upload }: Planned): Planned {
  return { plan, upload: upload.strategy === 'multipart' ? { ...upload, parts: [] } : upload };
}

/** The same upload, valid for no longer than when it was planned. */
function toldAgain({ plan, upload }: Planned, ageMs: number): Planned {
  if (upload.strategy === 'multipart') return { plan, upload };
  const expiresInSeconds = upload.request.expiresInSeconds - Math.ceil(ageMs / 1000);
  return { plan, upload: { ...upload, request: { ...upload.request, expiresInSeconds } } };
}

function deferred<T>() {
  let ends: { readonly resolve: (value: T) => void; readonly reject: (reason: unknown) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject };
  });
  // Nobody has to wait for it.
  promise.catch(() => undefined);
  return {
    promise,
    resolve: (value: T) => ends?.resolve(value),
    reject: (reason: unknown) => ends?.reject(reason),
  };
}
