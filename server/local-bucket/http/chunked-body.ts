// Takes `aws-chunked` bodies apart, checking the signature of each chunk while it streams by, and reads the trailer.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { ChunkSigning } from '../auth/authenticate.js';
import { isSame, sign } from '../auth/signature-v4.js';
import { S3Error } from '../s3-error.js';

const EMPTY_SHA256 = createHash('sha256').digest('hex');
const MAX_LINE_BYTES = 4096;
const MAX_TRAILER_LINES = 20;
// S3 refuses smaller chunks but for the last one.
const MIN_CHUNK_BYTES = 8192;

type Position = 'size' | 'data' | 'data-end' | 'trailer';

export class ChunkedBody {
  readonly #signing: ChunkSigning | undefined;
  readonly #trailer: string[] = [];
  #position: Position = 'size';
  #line = '';
  #leftInChunk = 0;
  #chunkHash: Hash | undefined;
  #chunkSignature = '';
  #previousSignature: string;
  #hasShortChunk = false;

  constructor(signing: ChunkSigning | undefined) {
    this.#signing = signing;
    this.#previousSignature = signing?.seedSignature ?? '';
  }

  /** Takes raw bytes, answers the runs of payload in them (views, not copies). */
  push(raw: Buffer): readonly Buffer[] {
    const payload: Buffer[] = [];
    let offset = 0;
    while (offset < raw.length) {
      if (this.#position === 'data') {
        const piece = raw.subarray(offset, offset + this.#leftInChunk);
        this.#takeData(piece);
        payload.push(piece);
        offset += piece.length;
      } else {
        offset = this.#takeLine(raw, offset);
      }
    }
    return payload;
  }

  /**
   * Call when the body is over.
   * @returns The trailer's fields, in lower case.
   * @throws {S3Error} IncompleteBody when the last chunk has not come.
   */
  finish(): ReadonlyMap<string, string> {
    if (this.#position !== 'trailer' || this.#line !== '') throw new S3Error('IncompleteBody');
    const fields = new Map(this.#trailer.map((line) => splitField(line)));
    const signature = fields.get('x-amz-trailer-signature');
    fields.delete('x-amz-trailer-signature');
    if (this.#signing && fields.size > 0) this.#checkTrailer(fields, signature ?? '');
    return fields;
  }

  #takeData(piece: Buffer): void {
    this.#chunkHash?.update(piece);
    this.#leftInChunk -= piece.length;
    if (this.#leftInChunk > 0) return;
    this.#checkChunk();
    this.#position = 'data-end';
  }

  /** Reads up to the end of a line and answers the offset behind it. */
  #takeLine(raw: Buffer, offset: number): number {
    const newline = raw.indexOf(0x0a, offset);
    const end = newline < 0 ? raw.length : newline;
    this.#line += raw.toString('latin1', offset, end);
    if (this.#line.length > MAX_LINE_BYTES) throw malformed();
    if (newline < 0) return end;

    const line = this.#line.trimEnd();
    this.#line = '';
    if (this.#position === 'trailer') this.#takeTrailerLine(line);
    else if (this.#position === 'size') this.#beginChunk(line);
    else if (line === '') this.#position = 'size';
    else throw malformed();
    return end + 1;
  }

  #takeTrailerLine(line: string): void {
    // Some clients put an empty line between the fields and their signature.
    if (line !== '') this.#trailer.push(line);
    if (this.#trailer.length > MAX_TRAILER_LINES) throw new S3Error('MalformedTrailerError');
  }

  #beginChunk(line: string): void {
    const match = /^([0-9a-f]{1,13})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    if (!match || (this.#signing && !match[2])) throw malformed();
    this.#leftInChunk = Number.parseInt(match[1] ?? '', 16);
    this.#chunkSignature = match[2] ?? '';
    this.#chunkHash = this.#signing && createHash('sha256');
    if (this.#leftInChunk === 0) {
      this.#checkChunk();
      this.#position = 'trailer';
      return;
    }
    if (this.#hasShortChunk) throw new S3Error('InvalidChunkSizeError');
    this.#hasShortChunk = this.#leftInChunk < MIN_CHUNK_BYTES;
    this.#position = 'data';
  }

  #checkChunk(): void {
    const signing = this.#signing;
    if (!signing || !this.#chunkHash) return;
    const hashes = `${EMPTY_SHA256}\n${this.#chunkHash.digest('hex')}`;
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${signing.dateTime}\n${signing.scope}\n${this.#previousSignature}\n${hashes}`;
    if (!isSame(sign(signing.key, text), this.#chunkSignature)) throw new S3Error('SignatureDoesNotMatch');
    this.#previousSignature = this.#chunkSignature;
  }

  #checkTrailer(fields: ReadonlyMap<string, string>, signature: string): void {
    const signing = this.#signing;
    if (!signing) return;
    const lines = [...fields].map(([name, value]) => `${name}:${value}\n`).join('');
    const hash = createHash('sha256').update(lines).digest('hex');
    const text = `AWS4-HMAC-SHA256-TRAILER\n${signing.dateTime}\n${signing.scope}\n${this.#previousSignature}\n${hash}`;
    if (!isSame(sign(signing.key, text), signature)) throw new S3Error('SignatureDoesNotMatch');
  }
}

function splitField(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new S3Error('MalformedTrailerError');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function malformed(): S3Error {
  return new S3Error('InvalidRequest', 'The body is not a well-formed aws-chunked stream.');
}
