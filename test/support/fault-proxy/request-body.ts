// The body of a request on its way through the proxy: counted, and bent as an action says.
import type { ForwardAction } from './actions.js';
import type { Exchange } from './exchange.js';
import type { Stalls } from './stalls.js';

type Body = AsyncIterable<Uint8Array>;

/** Pieces of a throttled body: small enough that it flows and does not jump. */
const PIECES_PER_SECOND = 20;

/** What the target gets to read. It is pulled, never pushed: whoever reads slowly slows the client. */
export function shapeBody(exchange: Exchange, action: ForwardAction, stalls: Stalls): Body {
  const { corruptByte, throttleBytesPerSecond, resetAfterBytes, stallAfterBytes } = action;
  let body: Body = receive(exchange);
  if (corruptByte !== undefined) body = flipBit(body, corruptByte);
  if (throttleBytesPerSecond !== undefined) body = throttle(body, throttleBytesPerSecond, exchange);
  if (stallAfterBytes !== undefined) {
    body = interrupt(body, stallAfterBytes, () => stalls.wait(exchange.broken));
  }
  if (resetAfterBytes !== undefined) {
    body = interrupt(body, resetAfterBytes, async () => {
      exchange.reset('reset');
      exchange.broken.throwIfAborted();
    });
  }
  return body;
}

/** Takes the body in and counts it. */
export async function* receive({ request, entry }: Exchange): Body {
  // The end of reading is not the end of the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    entry.requestBytes += bytes.length;
    yield bytes;
  }
}

async function* flipBit(body: Body, offset: number): Body {
  let startsAt = 0;
  for await (const chunk of body) {
    const copy = Buffer.from(chunk);
    const index = offset - startsAt;
    if (index >= 0 && index < copy.length) copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
    startsAt += copy.length;
    yield copy;
  }
}

async function* throttle(body: Body, bytesPerSecond: number, exchange: Exchange): Body {
  const pieceBytes = Math.max(1, Math.floor(bytesPerSecond / PIECES_PER_SECOND));
  for await (const chunk of body) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      const piece = chunk.subarray(start, start + pieceBytes);
      await exchange.pause((piece.length / bytesPerSecond) * 1000);
      yield piece;
    }
  }
}

/** Lets so many bytes pass, acts once, then lets the rest pass. */
async function* interrupt(body: Body, afterBytes: number, act: () => Promise<void>): Body {
  let leftBytes = afterBytes;
  let isDue = true;
  if (leftBytes === 0) {
    isDue = false;
    await act();
  }
  for await (const chunk of body) {
    const head = isDue ? chunk.subarray(0, leftBytes) : chunk;
    yield head;
    leftBytes -= head.length;
    if (!isDue || leftBytes > 0) continue;
    isDue = false;
    await act();
    yield chunk.subarray(head.length);
  }
}
