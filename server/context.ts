// What every route works with: the sites, their buckets, the sealers, the clock. Built once by createSigner.
import type { FileLinks } from './file-link.js';
import type { IdTails } from './id-tails.js';
import type { Limiter } from './limits/limiter.js';
import type { Random } from './object-key.js';
import type { ProblemError } from './problem.js';
import type { Site, SiteRegistry } from './sites/site.js';
import type { StorageClocks } from './storage/storage-clocks.js';
import type { Storage } from './storage/storage.js';
import type { TicketBox } from './ticket.js';
import type { Completions } from './uploads/completions.js';
import type { RecentPlans } from './uploads/recent-plans.js';

/** Waits, or ends at once when the signal is aborted; never throws. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface SignerContext {
  readonly sites: SiteRegistry;
  readonly storageOf: (site: Site) => Storage;
  readonly clocks: StorageClocks;
  readonly tickets: TicketBox;
  readonly fileLinks: FileLinks;
  readonly limiter: Limiter;
  readonly completions: Completions;
  readonly recentPlans: RecentPlans;
  readonly idTails: IdTails;
  /** Where people reach the signer; no slash at the end. */
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly random: Random;
  readonly sleep: Sleep;
}

/** Who asks. */
export interface Caller {
  /** The raw Origin header; undefined where a route may be called without one. */
  readonly origin: string | undefined;
  /** What limits count: an IPv4 address or an IPv6 /64; undefined where the runtime cannot tell. */
  readonly address: string | undefined;
  readonly signal: AbortSignal;
  /** Told of each item that failed, for the log. */
  readonly note: (error: ProblemError) => void;
}
