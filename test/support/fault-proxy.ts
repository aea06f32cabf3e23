// A reverse proxy that breaks what a test tells it to break, and writes down everything that went through it.
// Own code, because the kept proxies speak TCP only, or hide the sockets that half of these faults are made of.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FaultAction, FaultRule, RuleHandle } from './fault-proxy/actions.js';
import { answerAtOnce } from './fault-proxy/answer-at-once.js';
import { Target } from './fault-proxy/ask-target.js';
import { Exchange } from './fault-proxy/exchange.js';
import { forward } from './fault-proxy/forward.js';
import { readFacts } from './fault-proxy/request-facts.js';
import { RuleBook } from './fault-proxy/rule-book.js';
import { Stalls } from './fault-proxy/stalls.js';
import { TrafficLog } from './fault-proxy/traffic-log.js';

export type { FaultAction, FaultRule, RuleHandle, Side } from './fault-proxy/actions.js';
export type { Outcome, TrafficEntry, TrafficFilter } from './fault-proxy/traffic-log.js';

export interface FaultProxyOptions {
  /** Address without a path, such as `http://127.0.0.1:9000`; a function where it may move, as a restarted program does. */
  readonly target: string | (() => string);
  /** Repeats what rules with a probability do; 1. */
  readonly seed?: number;
  /** In place of the seed: 0…1, for all rules. */
  readonly random?: () => number;
  /** What pages may read of the target's answers, for answers that rules give; `ETag`, as S3 buckets are set up. */
  readonly exposeHeaders?: string;
}

export interface FaultProxy {
  /** `http://127.0.0.1:PORT`; the target sees it as Host, so what is signed for this address holds there. */
  readonly url: string;
  readonly rules: { add(rule: FaultRule): RuleHandle; clear(): void };
  readonly log: TrafficLog;
  /** True: resets all connections, and each new one at once. */
  setDown(isDown: boolean): void;
  /** Resets all connections, as a change of network does; new ones are welcome. */
  resetAll(): void;
  /** Lets requests go on that `stallAfterBytes` holds. */
  release(): void;
  /** Ends everything at once. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection: a reset that no rule asked for would be a fault of ours. */
const KEEP_ALIVE_MS = 120_000;
/** More than Node's 64 KiB, so that large bodies take fewer turns. */
const BUFFER_BYTES = 2 ** 18;

/** Starts a proxy on loopback that does nothing until it gets rules. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const world: World = {
    target: new Target(options.target),
    stalls: new Stalls(),
    rules: new RuleBook(options.seed ?? 1, options.random),
    log: new TrafficLog(),
    exposeHeaders: options.exposeHeaders ?? 'ETag',
  };
  const connections = new Connections();
  const server = createServer({
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    highWaterMark: BUFFER_BYTES,
  });
  server.on('connection', (socket) => connections.take(socket));
  server.on('request', (request, response) => {
    void serve(world, { request, response, connection: connections.numberOf(request.socket) });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { rules, log, stalls, target } = world;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rules,
    log,
    setDown: (isDown) => connections.setDown(isDown),
    resetAll: () => connections.resetAll(),
    release: () => stalls.release(),
    close: () => close(server, { connections, target }),
  };
}

interface World {
  readonly target: Target;
  readonly stalls: Stalls;
  readonly rules: RuleBook;
  readonly log: TrafficLog;
  readonly exposeHeaders: string;
}

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: number;
}

async function serve(world: World, { request, response, connection }: Arrival): Promise<void> {
  const facts = readFacts(request);
  const fired = world.rules.fire(facts);
  const { from, method, path, partNumber, uploadId } = facts;
  const startedAtMs = performance.now();
  const about = { from, method, path, partNumber, uploadId, connection, rule: fired?.name, startedAtMs };
  const exchange = new Exchange(request, response, world.log.open(about));
  response.sendDate = false;
  try {
    await act(exchange, fired?.action ?? {}, world);
  } catch {
    // Whoever hung up: the other end sees the same.
    if (exchange.isOpen)
      exchange.reset(request.destroyed && !request.complete ? 'client-gone' : 'target-gone');
  }
}

async function act(exchange: Exchange, action: FaultAction, world: World): Promise<void> {
  if ('status' in action) return answerAtOnce(exchange, action, world.exposeHeaders);
  if ('down' in action) return exchange.reset('down');
  return forward(exchange, action, world);
}

/** The clients' connections, counted. */
class Connections {
  readonly #numbers = new Map<Socket, number>();
  #last = 0;
  #isDown = false;

  take(socket: Socket): void {
    if (this.#isDown) {
      socket.resetAndDestroy();
      return;
    }
    this.#numbers.set(socket, (this.#last += 1));
    socket.once('close', () => this.#numbers.delete(socket));
    // A reset is what this program is for; the request it hits tells of it.
    socket.on('error', () => undefined);
  }

  numberOf(socket: Socket): number {
    return this.#numbers.get(socket) ?? 0;
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (isDown) this.resetAll();
  }

  resetAll(): void {
    for (const socket of this.#numbers.keys()) socket.resetAndDestroy();
  }
}

async function close(
  server: Server,
  { connections, target }: { readonly connections: Connections; readonly target: Target },
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  connections.setDown(true);
  target.close();
  await closed;
}
