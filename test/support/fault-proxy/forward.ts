// Passes one request to the target and its answer back, changed as an action says.
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ForwardAction } from './actions.js';
import { endToEnd, type Target } from './ask-target.js';
import type { Exchange } from './exchange.js';
import { shapeBody } from './request-body.js';
import { shapeHeaders } from './response-headers.js';
import type { Stalls } from './stalls.js';

/** What S3 sends first when it needs time: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

export interface Road {
  readonly target: Target;
  readonly stalls: Stalls;
}

export async function forward(exchange: Exchange, action: ForwardAction, road: Road): Promise<void> {
  const { delayMs, cutAfterMs, drip } = action;
  const cut = cutAfterMs === undefined ? undefined : setTimeout(() => exchange.reset('cut'), cutAfterMs);
  const endWatch = readsSlowly(action) ? exchange.watchClient() : undefined;
  try {
    if (delayMs !== undefined) await exchange.pause(delayMs);
    const answering = ask(exchange, action, road);
    if (drip) await giveInDrops(exchange, answering, drip);
    else await giveBack(exchange, await answering, action);
  } finally {
    clearTimeout(cut);
    endWatch?.();
  }
}

function readsSlowly({ delayMs, throttleBytesPerSecond, stallAfterBytes }: ForwardAction): boolean {
  return [delayMs, throttleBytesPerSecond, stallAfterBytes].some((value) => value !== undefined);
}

async function ask(
  exchange: Exchange,
  action: ForwardAction,
  { target, stalls }: Road,
): Promise<IncomingMessage> {
  const body = shapeBody(exchange, action, stalls);
  if (!action.duplicate) return target.ask(exchange, body);
  const whole: Uint8Array[] = [];
  for await (const chunk of body) whole.push(chunk);
  const first = await target.ask(exchange, inOrder(whole));
  await readAll(first);
  return target.ask(exchange, inOrder(whole));
}

async function giveBack(exchange: Exchange, answer: IncomingMessage, action: ForwardAction): Promise<void> {
  const { response, entry } = exchange;
  const { delayResponseMs, swallow, rewriteResponse } = action;
  const { statusCode: status = 502, statusMessage } = answer;
  entry.status = status;
  if (delayResponseMs !== undefined) await exchange.pause(delayResponseMs);
  if (swallow) {
    await readAll(answer);
    return exchange.reset('swallowed');
  }
  const headers = shapeHeaders(endToEnd(answer.rawHeaders), action);
  if (rewriteResponse) {
    const body = Buffer.from(rewriteResponse((await readAll(answer)).toString('utf8')));
    const length = { corruptResponseHeader: { 'content-length': String(body.length) } };
    entry.responseBytes = body.length;
    response.writeHead(status, statusMessage, shapeHeaders(headers, length)).end(body);
    return;
  }
  response.writeHead(status, statusMessage, headers);
  answer.on('data', (chunk: Buffer) => (entry.responseBytes += chunk.length));
  await pipeline(answer, response);
}

async function giveInDrops(
  exchange: Exchange,
  answering: Promise<IncomingMessage>,
  { everyMs, totalMs }: NonNullable<ForwardAction['drip']>,
): Promise<void> {
  const { response, entry } = exchange;
  // Looked at after the spaces; until then a failure must not count as nobody's.
  answering.catch(() => undefined);
  entry.status = 200;
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.write(XML_DECLARATION);
  for (let passedMs = 0; passedMs < totalMs; passedMs += everyMs) {
    await exchange.pause(everyMs);
    response.write(' ');
  }
  const body = (await readAll(await answering)).toString('utf8').replace(/^<\?xml[^>]*\?>\s*/, '');
  entry.responseBytes = Buffer.byteLength(body);
  response.end(body);
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function* inOrder(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
