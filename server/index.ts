// The signing service as a Hono app: runtime-neutral, no state that must survive, any number of copies side by side.
import type { Context, Hono } from 'hono';
import { createApp } from './app.js';
import { createFileLinks } from './file-link.js';
import { createMemoryLimiter } from './limits/memory-limiter.js';
import type { Limiter } from './limits/limiter.js';
import type { Log } from './log.js';
import { cryptoRandom, type Random } from './object-key.js';
import type { Site, SiteRegistry } from './sites/site.js';
import { createS3Storage } from './storage/s3-storage.js';
import type { Storage } from './storage/storage.js';
import { createTicketBox } from './ticket.js';

export type { LogEntry } from './log.js';
export type * from './protocol.js';
export type { Site, SiteRegistry } from './sites/site.js';

export interface SignerOptions {
  readonly sites: SiteRegistry;
  /** At least 32 bytes; `current,previous` while rotating. All copies of a service share it. */
  readonly secret: string;
  /** Where people reach the signer, such as `https://uploads.example.com`. */
  readonly publicUrl: string;
  readonly limiter?: Limiter;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: Random;
  readonly log?: Log;
  /** What limits count as one caller: an IPv4 address or an IPv6 /64. */
  readonly clientAddress?: (c: Context) => string | undefined;
}

/** Makes the signer. Nothing is asked of storage before the first upload. */
export function createSigner(options: SignerOptions): Hono {
  const { sites, secret, now = () => new Date(), random = cryptoRandom } = options;
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const context = {
    sites,
    storageOf: storageCache({ now, fetch: options.fetch ?? fetch }),
    tickets: createTicketBox(secret, now),
    fileLinks: createFileLinks(secret, now),
    limiter: options.limiter ?? createMemoryLimiter(),
    publicUrl,
    now,
    random,
  };
  const { log = () => undefined, clientAddress = () => undefined } = options;
  return createApp({ context, clientAddress, log });
}

/** One storage for each bucket and key, so that signing keys and connections are reused. */
function storageCache(world: {
  readonly now: () => Date;
  readonly fetch: typeof fetch;
}): (site: Site) => Storage {
  const opened = new WeakMap<Site['storage'], Storage>();
  return ({ storage }) => {
    const known = opened.get(storage) ?? createS3Storage(storage, world);
    opened.set(storage, known);
    return known;
  };
}
