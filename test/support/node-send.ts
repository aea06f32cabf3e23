// The engine's network in Node, as a page would have it: bodies with progress, answers read only as far as CORS lets.
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { readRetryAfter } from '../../server/rules/retry.js';
import type { SignedRequest } from '../../server/protocol.js';
import type { Fetch, Send, SendOptions } from '../../widget/engine/ports.js';
import { storageError } from '../../widget/engine/transport.js';

export interface NodeNetwork {
  readonly send: Send;
  readonly fetch: Fetch;
  /** Ends idle connections. */
  close(): void;
}

interface Answer {
  /** 0: none that a page could read. */
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds: number | undefined;
}

const ALLOW_ORIGIN = 'access-control-allow-origin';
const PIECE_BYTES = 2 ** 16;
const NOTHING: Answer = { status: 0, body: '', retryAfterSeconds: undefined };

/** @param origin - Of the page that the engine would be on. */
export function createNodeNetwork(origin: string): NodeNetwork {
  const agent = new Agent({ keepAlive: true });
  return {
    async send(request, body, options) {
      options.signal.throwIfAborted();
      const {
        status,
        body: text,
        retryAfterSeconds,
      } = await exchange({ request, body, origin, agent }, options);
      options.signal.throwIfAborted();
      if (status < 200 || status >= 300) throw storageError(status, text, retryAfterSeconds);
    },
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
      headers.set('origin', origin);
      const answer = await fetch(input, { ...init, headers });
      const mayRead = init?.mode === 'no-cors' || isOpenTo(origin, answer.headers.get(ALLOW_ORIGIN));
      if (!mayRead) throw new TypeError('A page would not get to see this answer.');
      return answer;
    },
    close: () => agent.destroy(),
  };
}

interface Outgoing {
  readonly request: SignedRequest;
  readonly body: Blob;
  readonly origin: string;
  readonly agent: Agent;
}

async function exchange(outgoing: Outgoing, { signal, onProgress }: SendOptions): Promise<Answer> {
  const { request, body, origin, agent } = outgoing;
  const headers = { ...request.headers, origin, 'content-length': body.size };
  const sending = httpRequest(request.url, { method: request.method, agent, headers, signal });
  try {
    return await new Promise((resolve, reject) => {
      sending.on('error', reject);
      sending.once('response', (answer) => readAnswer(answer, origin).then(resolve, reject));
      pump(body, sending, onProgress).catch(reject);
    });
  } catch {
    // Whatever broke, a page learns no more than that there was no answer.
    sending.destroy();
    return NOTHING;
  }
}

async function pump(
  body: Blob,
  sending: ClientRequest,
  onProgress: SendOptions['onProgress'],
): Promise<void> {
  let sentBytes = 0;
  for await (const piece of piecesOf(body)) {
    await written(sending, piece);
    if (sending.destroyed) return;
    sentBytes += piece.length;
    onProgress(sentBytes);
  }
  sending.end();
}

/** A blob in memory comes as one chunk, whose progress nobody would see before it is over. */
async function* piecesOf(body: Blob): AsyncIterable<Uint8Array> {
  for await (const chunk of body.stream()) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      yield chunk.subarray(start, start + PIECE_BYTES);
    }
  }
}

/** Resolves when the socket took the chunk, or will take no more. */
async function written(sending: ClientRequest, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    sending.once('close', resolve);
    sending.write(chunk, () => {
      sending.off('close', resolve);
      resolve();
    });
  });
}

async function readAnswer(answer: IncomingMessage, origin: string): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  if (!isOpenTo(origin, answer.headers[ALLOW_ORIGIN])) return NOTHING;
  const exposed = answer.headers['access-control-expose-headers']?.toLowerCase() ?? '';
  return {
    status: answer.statusCode ?? 0,
    body: Buffer.concat(chunks).toString('utf8'),
    retryAfterSeconds: exposed.includes('retry-after')
      ? readRetryAfter(answer.headers['retry-after'])
      : undefined,
  };
}

function isOpenTo(origin: string, allowed: string | null | undefined): boolean {
  return allowed === '*' || allowed === origin;
}
