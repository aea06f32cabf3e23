// One large blob: a file with the body, then a JSON record about it, then the record's length and a mark. Written beside, then
// renamed into place. A small blob is only collected here; it goes into a pack.
//
// Body and record share a file, so that no crash can show one without the other.
// A file whose end does not add up was torn by a crash and does not count.
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isBlobRecord } from './records.js';
import type { BlobRecord } from './records.js';

const MARK = Buffer.from('B2UPBLB1');
const TRAILER_BYTES = 4 + MARK.length;
const FLUSH_BYTES = 2 ** 20;
const SMALL_BYTES = 64 * 1024;
const TAIL_BYTES = 4096;

export interface SmallBlob {
  readonly body: readonly Buffer[];
  readonly record: BlobRecord;
}

/** Writes one blob; nothing of it is visible before the finished file has been renamed into place. */
export class BlobWriter {
  readonly fileId = randomBytes(16).toString('hex');
  readonly path: string;
  #handle: FileHandle | undefined;
  #small: SmallBlob | undefined;
  #isStarted = false;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(tempDir: string) {
    this.path = join(tempDir, this.fileId);
  }

  /** Takes a chunk. Answers a promise when the disk lags behind by a batch: wait for it before the next chunk. */
  write(chunk: Buffer): Promise<void> | undefined {
    this.#batch.push(chunk);
    this.#batchBytes += chunk.length;
    if (this.#batchBytes < FLUSH_BYTES) return undefined;

    const previous = this.#writing;
    this.#flush();
    return previous;
  }

  /** The whole blob, after `finish`, when it is small enough for a pack: then there is no file. */
  get small(): SmallBlob | undefined {
    return this.#small;
  }

  /** Adds the record and closes the file. */
  async finish(record: BlobRecord): Promise<void> {
    if (!this.#isStarted && this.#batchBytes <= SMALL_BYTES) {
      this.#small = { body: this.#batch, record };
      return;
    }
    const json = Buffer.from(JSON.stringify(record));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    this.#batch.push(json, length, MARK);
    this.#flush();
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** Leaves nothing behind; harmless after an error. */
  async discard(): Promise<void> {
    this.#batch = [];
    await this.#writing.catch(() => undefined);
    await this.#handle?.close().catch(() => undefined);
    if (this.#isStarted) await rm(this.path, { force: true });
  }

  #flush(): void {
    this.#isStarted = true;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#writing = this.#append(this.#writing, batch);
    // Whoever waits for the next batch, or for finish(), meets the error.
    this.#writing.catch(() => undefined);
  }

  async #append(previous: Promise<void>, batch: readonly Buffer[]): Promise<void> {
    await previous;
    this.#handle ??= await open(this.path, 'wx');
    await this.#handle.writev(batch);
  }
}

/** The record at the end of a blob file, or nothing when the file was torn. Synchronous: used while a store is being opened. */
export function readRecord(path: string): BlobRecord | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = readTail(file, size, TAIL_BYTES);
    if (tail.length < TRAILER_BYTES || !tail.subarray(-MARK.length).equals(MARK)) return undefined;
    const wanted = tail.readUInt32BE(tail.length - TRAILER_BYTES) + TRAILER_BYTES;
    const whole = wanted > tail.length ? readTail(file, size, wanted) : tail;
    if (wanted > whole.length) return undefined;
    const record: unknown = JSON.parse(
      whole.toString('utf8', whole.length - wanted, whole.length - TRAILER_BYTES),
    );
    return isBlobRecord(record) && size - wanted === bodyBytes(record) ? record : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

function readTail(file: number, size: number, bytes: number): Buffer {
  const tail = Buffer.allocUnsafe(Math.min(size, bytes));
  const read = readSync(file, tail, 0, tail.length, size - tail.length);
  return tail.subarray(0, read);
}

function bodyBytes(record: BlobRecord): number {
  if (record.kind === 'upload') return 0;
  if (record.kind === 'object' && record.segments) return 0;
  return record.size;
}
