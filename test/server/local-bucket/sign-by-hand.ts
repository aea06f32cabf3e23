// Signature Version 4 written down a second time, for tests: header-signed requests and signed chunks, step by step.
import { createHash, createHmac } from 'node:crypto';
import { CREDENTIALS } from './open-bucket.js';

const SCOPE_TAIL = 'us-east-1/s3/aws4_request';

export interface HandSigned {
  readonly headers: Record<string, string>;
  readonly signature: string;
  readonly dateTime: string;
}

interface HandRequest {
  readonly method: string;
  readonly host: string;
  /** Encoded, with the query already in canonical order. */
  readonly path: string;
  readonly payloadHash: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly now?: Date;
}

export function signByHand({
  method,
  host,
  path,
  payloadHash,
  headers = {},
  now = new Date(),
}: HandRequest): HandSigned {
  const dateTime = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const all: Record<string, string> = {
    ...headers,
    host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': dateTime,
  };
  const names = Object.keys(all).sort((a, b) => (a < b ? -1 : 1));
  const [pathname = '', query = ''] = path.split('?');
  const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
  const canonical = [method, pathname, query, lines, names.join(';'), payloadHash].join('\n');
  const scope = `${dateTime.slice(0, 8)}/${SCOPE_TAIL}`;
  const signature = hmacHex(dateTime, `AWS4-HMAC-SHA256\n${dateTime}\n${scope}\n${hashHex(canonical)}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.keyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers: { ...all, authorization }, signature, dateTime };
}

/** Cuts a body into signed chunks; the last one is empty. */
export function signChunks(seed: HandSigned, chunks: readonly Buffer[], trailer?: string): Buffer {
  let previous = seed.signature;
  const scope = `${seed.dateTime.slice(0, 8)}/${SCOPE_TAIL}`;
  const framed = [...chunks, Buffer.alloc(0)].map((chunk) => {
    previous = hmacHex(
      seed.dateTime,
      ['AWS4-HMAC-SHA256-PAYLOAD', seed.dateTime, scope, previous, hashHex(''), hashHex(chunk)].join('\n'),
    );
    const head = `${chunk.length.toString(16)};chunk-signature=${previous}\r\n`;
    return Buffer.concat([Buffer.from(head), chunk, Buffer.from(chunk.length > 0 ? '\r\n' : '')]);
  });
  if (trailer === undefined) return Buffer.concat([...framed, Buffer.from('\r\n')]);
  const signature = hmacHex(
    seed.dateTime,
    ['AWS4-HMAC-SHA256-TRAILER', seed.dateTime, scope, previous, hashHex(`${trailer}\n`)].join('\n'),
  );
  return Buffer.concat([
    ...framed,
    Buffer.from(`${trailer}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`),
  ]);
}

function hashHex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmacHex(dateTime: string, text: string): string {
  const steps = [dateTime.slice(0, 8), ...SCOPE_TAIL.split('/')];
  const key = steps.reduce<string | Buffer>(
    (secret, step) => createHmac('sha256', secret).update(step).digest(),
    `AWS4${CREDENTIALS.applicationKey}`,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}
