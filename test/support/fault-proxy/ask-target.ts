// The proxy's own request to its target: the client's head unchanged, the body pulled through.
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.js';

/** Less than any server keeps an idle connection: a reset that no rule asked for would be a fault of ours. */
const IDLE_MS = 3000;
/** Each hop has its own; everything else, Host above all, is what the client signed. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'expect',
]);

export class Target {
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #url: string | (() => string);

  constructor(url: string | (() => string)) {
    this.#url = url;
  }

  /**
   * Sends the request on.
   * @throws When the target hangs up before it answers, or the exchange ends.
   */
  async ask(exchange: Exchange, body: AsyncIterable<Uint8Array>): Promise<IncomingMessage> {
    const { request, broken } = exchange;
    broken.throwIfAborted();
    const { hostname, port } = new URL(typeof this.#url === 'string' ? this.#url : this.#url());
    const outgoing = httpRequest({
      agent: this.#agent,
      host: hostname,
      port,
      method: request.method,
      path: request.url,
      headers: endToEnd(request.rawHeaders),
    });
    broken.addEventListener('abort', () => hangUp(outgoing), { once: true });
    return new Promise((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', reject);
      pump(body, outgoing).catch((error: unknown) => {
        hangUp(outgoing);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Names and values in turn, as Node gives and takes them: order, case and repetitions stay. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !HOP_HEADERS.has(name.toLowerCase());
  });
}

async function pump(body: AsyncIterable<Uint8Array>, outgoing: ClientRequest): Promise<void> {
  for await (const chunk of body) {
    // A target that refuses early may hang up; the client may still be sending, and wants its answer.
    if (outgoing.destroyed || chunk.length === 0) continue;
    if (!outgoing.write(chunk)) await drained(outgoing);
  }
  outgoing.end();
}

async function drained(outgoing: ClientRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      outgoing.off('drain', go).off('close', go);
      resolve();
    };
    outgoing.on('drain', go).on('close', go);
  });
}

function hangUp(outgoing: ClientRequest): void {
  outgoing.socket?.resetAndDestroy();
  outgoing.destroy();
}
