// Streams a request's body to a sink, and holds it to what signature and headers promised. Nothing is kept in memory.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Checksum } from '../disk/records.js';
import { S3Error } from '../s3-error.js';
import { readPromises } from './body-promises.js';
import type { BodyPromises } from './body-promises.js';
import type { Call } from './call.js';
import { createDigest, isChecksumValue } from './checksums.js';
import type { Digest } from './checksums.js';
import { ChunkedBody } from './chunked-body.js';

/** Takes a chunk; a promise asks for a pause. */
export type Sink = (chunk: Buffer) => Promise<void> | undefined;

export interface ReceivedBody {
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum?: Checksum;
}

/**
 * Reads the body to its end.
 * @throws {S3Error} IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, SignatureDoesNotMatch (of a chunk) and what `readPromises` throws.
 */
export async function receiveBody(call: Call, maxBytes: number, sink: Sink): Promise<ReceivedBody> {
  const promises = readPromises(call, maxBytes);
  const inspector = new BodyInspector(call, promises);
  const chunked = call.payload.kind === 'chunked' ? new ChunkedBody(call.payload.signing) : undefined;

  // The client may have waited with its body until headers and signature were found good.
  if (call.request.headers.expect !== undefined) call.response.writeContinue();
  await pump(call.request, (raw) => {
    if (!chunked) {
      inspector.take(raw);
      return sink(raw);
    }
    let wait: Promise<void> | undefined;
    for (const piece of chunked.push(raw)) {
      inspector.take(piece);
      // Writes are in order: when the last one may go on, all may.
      wait = sink(piece) ?? wait;
    }
    return wait;
  });
  return inspector.finish(chunked?.finish());
}

/** Reads a small body, such as a configuration. */
export async function receiveSmallBody(call: Call, maxBytes: number): Promise<Buffer> {
  const length = Number(call.request.headers['content-length']);
  if (length > maxBytes)
    throw new S3Error('MaxMessageLengthExceeded', undefined, {
      details: { MaxMessageLengthBytes: String(maxBytes) },
    });
  const chunks: Buffer[] = [];
  await receiveBody(call, maxBytes, (chunk) => {
    chunks.push(chunk);
    return undefined;
  });
  return Buffer.concat(chunks);
}

class BodyInspector {
  readonly #promises: BodyPromises;
  readonly #md5 = createHash('md5');
  readonly #promisedSha256: string | undefined;
  readonly #sha256: Hash | undefined;
  readonly #checksum: Digest | undefined;
  #size = 0;

  constructor(call: Call, promises: BodyPromises) {
    this.#promises = promises;
    this.#promisedSha256 = call.payload.kind === 'hash' ? call.payload.sha256 : undefined;
    this.#sha256 = this.#promisedSha256 === undefined ? undefined : createHash('sha256');
    this.#checksum = promises.checksum && createDigest(promises.checksum.name);
  }

  take(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#promises.size) throw new S3Error('IncompleteBody');
    this.#md5.update(chunk);
    this.#sha256?.update(chunk);
    this.#checksum?.update(chunk);
  }

  finish(trailer: ReadonlyMap<string, string> = new Map()): ReceivedBody {
    if (this.#size !== this.#promises.size) throw new S3Error('IncompleteBody');
    const sha256 = this.#sha256?.digest('hex');
    if (sha256 !== this.#promisedSha256) throw new S3Error('XAmzContentSHA256Mismatch');
    const md5 = this.#md5.digest();
    if (this.#promises.md5 !== undefined && md5.toString('base64') !== this.#promises.md5) {
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    const checksum = this.#checkChecksum(trailer);
    return { size: this.#size, md5: md5.toString('hex'), ...(checksum && { checksum }) };
  }

  #checkChecksum(trailer: ReadonlyMap<string, string>): Checksum | undefined {
    const promised = this.#promises.checksum;
    if (!promised || !this.#checksum) return undefined;
    const value = promised.value || (trailer.get(`x-amz-checksum-${promised.name}`) ?? '');
    if (!isChecksumValue(promised.name, value)) throw new S3Error('MalformedTrailerError');
    if (value === this.#checksum.value()) return { name: promised.name, value };
    throw new S3Error(
      'BadDigest',
      `The ${promised.name.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
}

/** Listens to `data`, since an async iterator would join buffered chunks into copies. */
async function pump(source: IncomingMessage, take: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      source.removeAllListeners('data');
      // What is still under way is read and dropped, so that the client can finish sending and meets the answer.
      source.resume();
      reject(error);
    };
    source.on('data', (chunk: Buffer) => {
      try {
        const wait = take(chunk);
        if (!wait) return;
        source.pause();
        wait.then(() => source.resume(), fail);
      } catch (error) {
        fail(error);
      }
    });
    source.once('end', resolve);
    source.once('error', () => fail(new S3Error('IncompleteBody')));
    source.once('close', () => {
      if (!source.complete) fail(new S3Error('IncompleteBody'));
    });
  });
}
