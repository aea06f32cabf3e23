// Reads a JSON body within bounds: media type, size and time are checked before anything is parsed.
import type { Context } from 'hono';
import { ProblemError } from './problem.js';
import { parseStrictJson } from './strict-json.js';

/** Milliseconds that a body may take to arrive; before Node's own limit, whose answer carries no CORS headers. */
const BODY_TIMEOUT = 8000;

/**
 * @param maxBytes - Cap on the body; one byte more is refused at once, whatever content-length says.
 * @throws {ProblemError} 415, 413, 408 or 400.
 */
export async function readJson(c: Context, maxBytes: number): Promise<unknown> {
  checkMediaType(c);
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const body = c.req.raw.body;
  return parseStrictJson(body ? await readBytes(body, maxBytes) : new Uint8Array());
}

function checkMediaType(c: Context): void {
  const [type = '', ...parameters] = (c.req.header('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type.trim() !== 'application/json' || !isUtf8) {
    throw new ProblemError('unsupported-media-type', 'Send JSON in UTF-8 as content-type: application/json.');
  }
  if ((c.req.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw new ProblemError('unsupported-media-type', 'Send the body without content-encoding.');
  }
}

async function readBytes(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const reader = body.getReader();
  const timeout = AbortSignal.timeout(BODY_TIMEOUT);
  const late = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () => {
      reject(new ProblemError('request-timeout', 'The body did not arrive within eight seconds.'));
    });
  });
  const chunks: Uint8Array[] = [];
  try {
    for (let size = 0; ;) {
      const { done, value } = await Promise.race([reader.read().catch(gone), late]);
      if (done) return concat(chunks, size);
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}

function gone(cause: unknown): never {
  throw new ProblemError('request-timeout', 'The body ended before it was complete.', { cause });
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('body-too-large', `The body may have at most ${maxBytes} bytes.`);
}
