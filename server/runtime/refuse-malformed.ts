// Answers what never became a request: too slow, too large, or no HTTP.
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from './failure.js';

/** A client that never closes its side is not waited for. */
const LINGER_MS = 1000;

/**
 * Handles `clientError` of an HTTP server; the body is a problem like that of every other error.
 * @param current - The answer that is or was last sent on this connection.
 */
export function refuseMalformed(error: Error, socket: Duplex, current: ServerResponse | undefined): void {
  // What we write now would be taken for the answer that is still due; a late request is that request itself.
  const isLate = errorCode(error) === 'ERR_HTTP_REQUEST_TIMEOUT';
  const isDue = current !== undefined && !current.writableFinished && (current.headersSent || !isLate);
  // The rest of a request that was refused half-way is nothing to answer.
  const isAnswered = current?.writableFinished === true && !current.req.complete;
  if (!socket.writable || isDue || isAnswered || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.end(problemText(errorCode(error)));
}

function problemText(errorName: string): string {
  const [status, code, detail] = malformed(errorName);
  const title = status.slice(4);
  const requestId = crypto.randomUUID();
  const body = JSON.stringify({
    type: `urn:b2-uploader:problem:${code}`,
    title,
    status: Number(status.slice(0, 3)),
    code,
    detail,
    retryable: code === 'request-timeout',
    requestId,
  });
  const head = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'cache-control: no-store',
    'content-type: application/problem+json',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function malformed(errorName: string): readonly [status: string, code: string, detail: string] {
  switch (errorName) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'request-timeout', 'The request took too long to arrive.'];
    case 'HPE_HEADER_OVERFLOW':
      return ['431 Request Header Fields Too Large', 'invalid-request', 'The headers are too large.'];
    default:
      return ['400 Bad Request', 'invalid-request', 'This is not a request that HTTP/1.1 allows.'];
  }
}
