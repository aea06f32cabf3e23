// An S3-compatible server on a folder: the store that people meet first, and therefore as strict as the real one.
//
// Writes are atomic against a killed process, not flushed to the platter one by one: that is a choice for a store whose
// copies of record are elsewhere. A file torn by a power cut is recognised and left out.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createAuthenticator } from './auth/authenticate.js';
import { Store } from './disk/store.js';
import type { Service } from './http/call.js';
import { answerBrokenRequest } from './http/broken-request.js';
import { createRequestHandler } from './http/handle-request.js';
import { sweepLifecycle } from './operations/lifecycle-sweep.js';

export interface LocalBucketOptions {
  /** Folder that holds everything; created if missing. One server at a time. */
  readonly dir: string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default `us-east-1`; signatures for another region are refused, as AWS does. */
  readonly region?: string;
  readonly credentials: { readonly keyId: string; readonly applicationKey: string };
  /** `b2`: no conditional writes, versions in every bucket. Default `s3`. */
  readonly profile?: 's3' | 'b2';
  /** The clock that signatures, dates and lifecycle go by. */
  readonly now?: () => Date;
  /** Asked per request: true answers 503 SlowDown. */
  readonly slowDown?: () => boolean;
  readonly log?: (line: string) => void;
}

export interface LocalBucket {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  /** Lets requests in flight end, for ten seconds at most; may be called again. */
  close(): Promise<void>;
}

const DRAIN_MS = 10_000;
const SWEEP_EVERY_MS = 3_600_000;
const IDLE_MS = 120_000;
const KEEP_ALIVE_MS = 20_000;

/**
 * Starts the server. Buckets, CORS rules and lifecycle are made by S3 calls.
 * @throws {Error} With `code` EADDRINUSE when the port is taken, ELOCKED when another server uses the folder.
 */
export async function startLocalBucket(options: LocalBucketOptions): Promise<LocalBucket> {
  const {
    host = '127.0.0.1',
    port = 0,
    region = 'us-east-1',
    now = () => new Date(),
    log = () => undefined,
  } = options;
  const store = await Store.open(options.dir);
  const service: Service = {
    store,
    region,
    now,
    log,
    credentials: options.credentials,
    profile: options.profile ?? 's3',
    slowDown: options.slowDown ?? (() => false),
  };

  await sweepLifecycle(store, now());
  const server = createS3Server(service);
  const actualPort = await listen(server, { host, port }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const stopSweeping = sweepRegularly(service);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopSweeping();
    await closeServer(server);
    store.close();
  };
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    region,
    close: () => (closing ??= close()),
  };
}

function createS3Server(service: Service): Server {
  const handle = createRequestHandler(service, createAuthenticator(service));
  // A body may take hours on a slow line; only silence ends it.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS, highWaterMark: 2 ** 18 });
  server.timeout = IDLE_MS;
  server.on('request', (request, response) => void handle(request, response));
  // Headers and signature are checked before the client is told to go on.
  server.on('checkContinue', (request, response) => void handle(request, response));
  server.on('clientError', answerBrokenRequest);
  return server;
}

async function listen(
  server: Server,
  place: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : place.port);
    });
  });
}

/** Never keeps the process alive. */
function sweepRegularly({ store, now, log }: Service): () => void {
  const timer = setInterval(() => {
    sweepLifecycle(store, now()).catch((error: unknown) => log(`lifecycle: ${String(error)}`));
  }, SWEEP_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
