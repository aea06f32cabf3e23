// Answers that a rule gives in place of the target's.
import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerAction } from './actions.js';
import type { Exchange } from './exchange.js';
import { receive } from './request-body.js';

/** @param exposeHeaders - What the target lets pages read of its answers. */
export async function answerAtOnce(
  exchange: Exchange,
  { status, body = '', headers = {}, cors = true, readBody = true }: AnswerAction,
  exposeHeaders: string,
): Promise<void> {
  const { request, response, entry } = exchange;
  if (readBody) for await (const _ of receive(exchange));
  entry.status = status;
  entry.responseBytes = Buffer.byteLength(body);
  response.writeHead(status, {
    'content-type': body.trimStart().startsWith('<') ? 'application/xml' : 'text/plain',
    'content-length': entry.responseBytes,
    ...(cors ? corsHeaders(request.headers, exposeHeaders) : {}),
    ...(readBody ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(body);
}

function corsHeaders(headers: IncomingHttpHeaders, exposeHeaders: string): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined) return {};
  const method = headers['access-control-request-method'];
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposeHeaders,
    ...(method === undefined ? {} : { 'access-control-allow-methods': method }),
    ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    vary: 'Origin',
  };
}
