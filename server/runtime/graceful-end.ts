// The graceful end of an HTTP server: answers under way arrive, and who comes meanwhile gets an answer instead of a reset.
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const CLOSE_TIMEOUT_MS = 10_000;
const LOOK_MS = 50;

export class GracefulEnd {
  readonly #server: Server;
  readonly #stopping = new AbortController();
  /** The last answer on each open connection; those before it are out by then. */
  readonly #answers = new Map<Socket, ServerResponse>();

  /** Connections that have not asked anything yet; Node does not count them as idle. */
  readonly #unasked = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#unasked.add(socket);
      socket.once('close', () => {
        this.#unasked.delete(socket);
        this.#answers.delete(socket);
      });
    });
  }

  /** Aborted when the end begins. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Every answer is told of when its request comes. */
  watch(answer: ServerResponse): void {
    this.#unasked.delete(answer.req.socket);
    this.#answers.set(answer.req.socket, answer);
    if (this.stopping.aborted) makeLast(answer);
  }

  /** @param lingerMs - How long new requests are answered at least. */
  async end(lingerMs: number): Promise<void> {
    const untilMs = performance.now() + CLOSE_TIMEOUT_MS;
    this.#stopping.abort();
    const begun = [...this.#answers];
    for (const [, answer] of begun) makeLast(answer);
    await wait(lingerMs);
    while (begun.some(isUnderWay) && performance.now() < untilMs) await wait(LOOK_MS);
    await this.#close(untilMs);
  }

  async #close(untilMs: number): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#unasked) if (socket.bytesRead === 0) socket.destroy();
    // A kept-alive connection becomes idle only when its answer is out: look again until all are gone.
    const look = setInterval(() => {
      if (performance.now() < untilMs) this.#server.closeIdleConnections();
      else this.#server.closeAllConnections();
    }, LOOK_MS);
    await closed;
    clearInterval(look);
  }
}

function isUnderWay([socket, answer]: readonly [Socket, ServerResponse]): boolean {
  return !answer.writableFinished && !socket.destroyed;
}

/** The client opens another connection for what it asks next, and finds whoever answers then. */
function makeLast(answer: ServerResponse): void {
  if (!answer.headersSent) answer.setHeader('connection', 'close');
}
