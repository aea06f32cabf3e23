// Runs the signer on Node's HTTP server: timeouts, limits, a clear word when the port is taken, a graceful end.
import { getRequestListener } from '@hono/node-server';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { clientAddressOf } from './client-address.js';
import type { RuntimeEnv } from '../readiness.js';
import { errorCode, EXIT, Failure } from './failure.js';
import { GracefulEnd } from './graceful-end.js';
import { refuseMalformed } from './refuse-malformed.js';
import type { Fetcher } from './static-files.js';

export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What answers, such as a signer; or what makes it, once the address is known and before the first request. */
  readonly app: Fetcher | ((url: string) => Fetcher);
  /** How long head and body of a request may take to arrive; default 9 s. */
  readonly requestTimeoutMs?: number;
  /** How long a connection may stand still in the middle of a request or its answer; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** How long `close` still answers new requests at least; none by default. */
  readonly lingerMs?: number;
}

export interface RunningServer {
  /** The listening address, such as `http://localhost:3000`. */
  readonly url: string;
  readonly port: number;
  /**
   * Waits for the answers under way, ten seconds at most. Who asks meanwhile is answered, too, by an app that knows of the end
   * (`stopping` of its `env`) and on a connection that is then closed: a balancer learns of the end a moment later.
   */
  close(): Promise<void>;
}

/** A client that takes longer to send head or body is slow on purpose; Node's own limit is 300 s. */
const REQUEST_TIMEOUT_MS = 9000;
const CHECK_INTERVAL_MS = 500;
/** Longer than the 60 s of common load balancers, which would otherwise reuse a connection that just closed. */
const KEEP_ALIVE_MS = 65_000;
/** A client that neither sends nor reads is gone, or means harm: its unread answers fill our memory. */
const IDLE_MS = 30_000;
const MAX_CONNECTIONS = 10_000;

/**
 * Starts to listen.
 * @throws {Failure} When the port is taken or not allowed; the message says the way out.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, idleTimeoutMs = IDLE_MS, lingerMs = 0 } = options;
  let app: Fetcher | undefined;
  const listener = getRequestListener((request, env) =>
    app?.fetch(request, { ...env, stopping: ending.stopping } satisfies RuntimeEnv),
  );
  const answers = new WeakMap<Duplex, ServerResponse>();
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
    },
    (incoming, outgoing) => {
      answers.set(incoming.socket, outgoing);
      ending.watch(outgoing);
      void listener(incoming, outgoing);
    },
  );
  const ending = new GracefulEnd(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(idleTimeoutMs, (socket) => socket.destroy());
  server.on('clientError', (error, socket) => refuseMalformed(error, socket, answers.get(socket)));
  const { port } = await listen(server, options);
  const url = addressOf(options.host, port);
  try {
    app = typeof options.app === 'function' ? options.app(url) : options.app;
  } catch (error) {
    await ending.end(0);
    throw error;
  }
  return { url, port, close: () => ending.end(lingerMs) };
}

/**
 * Makes the `clientAddress` of `createSigner`.
 * @param trustedProxies - CIDR ranges; only what they add to `X-Forwarded-For` is believed.
 */
export function clientAddress(
  trustedProxies: readonly string[] = [],
): (context: { readonly env: unknown }) => string | undefined {
  const addressOfHops = clientAddressOf(trustedProxies);
  return ({ env }) => {
    if (!isNodeEnv(env)) return undefined;
    const { socket, headers } = env.incoming;
    const forwardedFor = [headers['x-forwarded-for'] ?? []].flat().join(',');
    return addressOfHops({ remoteAddress: socket.remoteAddress, forwardedFor });
  };
}

/** The address for people: loopback and "all addresses" are reached as localhost. */
export function addressOf(host: string, port: number): string {
  const isHere = ['127.0.0.1', '0.0.0.0', 'localhost', '::1', '::'].includes(host);
  return `http://${isHere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isNodeEnv(env: unknown): env is { readonly incoming: IncomingMessage } {
  return typeof env === 'object' && env !== null && 'incoming' in env;
}

async function listen(server: Server, { host, port }: ServeOptions): Promise<AddressInfo> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw listenFailure(cause, { host, port });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}

function listenFailure(
  cause: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): unknown {
  switch (errorCode(cause)) {
    case 'EADDRINUSE':
      return new Failure(
        `Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1}, or PORT=0 for any free one.`,
        EXIT.problem,
        { cause },
      );
    case 'EACCES':
      return new Failure(
        `Port ${port} needs more rights. Choose one above 1023, such as PORT=3000.`,
        EXIT.problem,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(
        `HOST: "${host}" is no address of this machine; expected one such as 127.0.0.1 or 0.0.0.0.`,
        EXIT.configuration,
        { cause },
      );
    default:
      return cause;
  }
}
