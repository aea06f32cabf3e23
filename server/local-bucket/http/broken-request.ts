// Answers what is not HTTP, or ends too early, on the bare socket.
import type { Duplex } from 'node:stream';
import { S3Error } from '../s3-error.js';
import type { S3ErrorCode } from '../s3-error.js';
import { errorDocument, text } from './xml.js';

const CODES: Readonly<Record<string, S3ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'RequestHeaderSectionTooLarge',
  HPE_INVALID_EOF_STATE: 'IncompleteBody',
};

export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = new S3Error(CODES[error.code ?? ''] ?? 'BadRequest');
  const body = errorDocument([text('Code', refusal.code), text('Message', refusal.message)]);
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/xml',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
