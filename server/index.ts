// The signing service as a Hono app: runtime-neutral, no state that must survive, any number of copies side by side.
import { Hono, type Context } from 'hono';
import { createApp } from './app.js';
import type { Sleep } from './context.js';
import { splitSecrets } from './derive-secret.js';
import { createFileLinks } from './file-link.js';
import { createIdTails } from './id-tails.js';
import type { Limiter } from './limits/limiter.js';
import { createMemoryLimiter } from './limits/memory-limiter.js';
import type { Log } from './log.js';
import { cryptoRandom, type Random } from './object-key.js';
import { ProblemError, toProblem } from './problem.js';
import { formatProblem } from './sites/config-problem.js';
import { parseSites } from './sites/parse-sites.js';
import { secretProblem } from './sites/secrets.js';
import type { SitesConfig } from './sites/schema.js';
import { fixedRegistry, type Site, type SiteRegistry } from './sites/site.js';
import { createS3Storage } from './storage/s3-storage.js';
import { createStorageClocks, type StorageClocks } from './storage/storage-clocks.js';
import type { Storage } from './storage/storage.js';
import { createTicketBox } from './ticket.js';
import { createCompletions } from './uploads/completions.js';
import { createRecentPlans } from './uploads/recent-plans.js';

export type { Limiter } from './limits/limiter.js';
export type { LogEntry } from './log.js';
export type * from './protocol.js';
export type { SitesConfig } from './sites/schema.js';
export type { Site, SiteRegistry } from './sites/site.js';

export interface SignerOptions {
  /** The content of `sites.json`, or a registry of one's own. */
  readonly sites: SitesConfig | SiteRegistry;
  /** At least 32 bytes; `current,previous` while rotating. All copies of a service share it. */
  readonly secret: string;
  /** Where people reach the signer; links and receipts name it. Default: `http://localhost:3000`. */
  readonly publicUrl?: string;
  /** Values behind `{"env": NAME}` in `sites`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Limiter;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: Random;
  /** Waits between two looks at storage; for tests. */
  readonly sleep?: Sleep;
  readonly log?: Log;
  /** What limits count as one caller: an IPv4 address or an IPv6 /64. */
  readonly clientAddress?: (c: Context) => string | undefined;
}

/**
 * Makes the signer. Nothing is asked of storage before the first upload.
 * A configuration with problems answers every request with 500 and prints the problems once.
 * @throws {TypeError} When the secret is shorter than 32 bytes.
 */
export function createSigner(options: SignerOptions): Hono {
  checkSecret(options.secret);
  const { sites } = options;
  if (isRegistry(sites)) return signerOf(sites, options);
  const app = new Hono();
  const signer = readSites(sites, options).then((registry) => signerOf(registry, options));
  signer.catch((error: unknown) =>
    console.error(error instanceof Error ? error.message : 'b2-uploader failed to start'),
  );
  app.all('*', async (c) => (await signer).fetch(c.req.raw, c.env));
  app.onError((_, c) => {
    const problem = toProblem(
      new ProblemError('internal', 'The signer is not configured.'),
      crypto.randomUUID(),
    );
    return c.json(problem, problem.status, { 'content-type': 'application/problem+json' });
  });
  return app;
}

function signerOf(sites: SiteRegistry, options: SignerOptions): Hono {
  const { secret, now = () => new Date(), random = cryptoRandom } = options;
  const clocks = createStorageClocks(now);
  const context = {
    sites,
    storageOf: storageCache({ clocks, fetch: options.fetch ?? fetch }),
    clocks,
    tickets: createTicketBox(secret, now),
    fileLinks: createFileLinks(secret, now),
    limiter: options.limits ?? createMemoryLimiter(),
    completions: createCompletions(),
    recentPlans: createRecentPlans(now),
    idTails: createIdTails(secret),
    publicUrl: (options.publicUrl ?? 'http://localhost:3000').replace(/\/+$/, ''),
    now,
    random,
    sleep: options.sleep ?? sleep,
  };
  const { log = () => undefined, clientAddress = () => undefined } = options;
  return createApp({ context, clientAddress, log });
}

function checkSecret(secret: string): void {
  const parts = splitSecrets(secret);
  const problem = parts.length === 0 ? 'is empty' : parts.map(secretProblem).find(Boolean);
  if (problem !== undefined) throw new TypeError(`secret ${problem}`);
}

function isRegistry(sites: SitesConfig | SiteRegistry): sites is SiteRegistry {
  return 'find' in sites && typeof sites.find === 'function';
}

async function readSites(config: SitesConfig, { secret, env = {} }: SignerOptions): Promise<SiteRegistry> {
  const { sites, problems } = await parseSites(config, {
    readSecret: (reference) => ('env' in reference ? env[reference.env] : undefined),
    production: false,
    signerSecret: secret,
  });
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return fixedRegistry(sites);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** One storage for each bucket and key, so that signing keys and connections are reused. */
function storageCache(world: {
  readonly clocks: StorageClocks;
  readonly fetch: typeof fetch;
}): (site: Site) => Storage {
  const opened = new WeakMap<Site['storage'], Storage>();
  return ({ storage }) => {
    const known =
      opened.get(storage) ?? createS3Storage(storage, { ...world, clock: world.clocks.of(storage.endpoint) });
    opened.set(storage, known);
    return known;
  };
}
