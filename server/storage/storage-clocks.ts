// What time it is at each store, as its answers tell: a signature by any other clock is refused there.

/** One store's clock. */
export interface StorageClock {
  /** Now by the store's clock where ours is off, by ours otherwise. */
  now(): Date;
  /** @param date - The `Date` header of an answer that has just come. */
  note(date: string | undefined): void;
}

export interface StorageClocks {
  of(endpoint: string): StorageClock;
  /** Every store that answered lately says that our clock is wrong. */
  areAgainstUs(): boolean;
}

interface Note {
  readonly notedAtMs: number;
  /** How far the store is ahead of us. */
  readonly aheadMs: number;
}

/** Below this, signatures still hold: S3 refuses from 15 minutes on. */
const TOLERANCE_MS = 4 * 60_000;
/** Our clock may be put right at any time: what was noted before such a jump, or long ago, counts no more. */
const VALID_MS = 10 * 60_000;

/** @param now - Our own clock. */
export function createStorageClocks(now: () => Date): StorageClocks {
  const notes = new Map<string, Note>();
  const aheadMs = (note: Note | undefined): number | undefined => {
    const ageMs = now().getTime() - (note?.notedAtMs ?? Infinity);
    return note && ageMs >= 0 && ageMs <= VALID_MS ? note.aheadMs : undefined;
  };
  return {
    of: (endpoint) => ({
      now() {
        const ahead = aheadMs(notes.get(endpoint)) ?? 0;
        return isOff(ahead) ? new Date(now().getTime() + ahead) : now();
      },
      note(date) {
        const storageMs = Date.parse(date ?? '');
        const notedAtMs = now().getTime();
        if (storageMs > 0) notes.set(endpoint, { notedAtMs, aheadMs: storageMs - notedAtMs });
      },
    }),
    areAgainstUs() {
      const recent = [...notes.values()].map(aheadMs).filter((ahead) => ahead !== undefined);
      return recent.length > 0 && recent.every(isOff);
    },
  };
}

function isOff(aheadMs: number): boolean {
  return Math.abs(aheadMs) > TOLERANCE_MS;
}
