// One pack: small blobs and the notes of their removal, appended one after the other.
//
// A frame is its lengths, the checksum of its record, the body, the record. A frame that does not add up was cut by a crash:
// it and what follows do not count.
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writevSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { isBlobRecord } from './records.js';
import type { BlobRecord } from './records.js';

const HEAD_BYTES = 12;

export interface PackedBlob {
  readonly fileId: string;
  readonly record: BlobRecord;
  /** Where the body begins in the file. */
  readonly offset: number;
  readonly frameBytes: number;
}

interface RemovalNote {
  readonly removed: string;
}

export class PackFile {
  readonly path: string;
  readonly blobs = new Map<string, PackedBlob>();
  #sizeBytes = 0;
  #file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Bytes of blobs that are still wanted. */
  get liveBytes(): number {
    let sum = 0;
    for (const blob of this.blobs.values()) sum += blob.frameBytes;
    return sum;
  }

  /** Reads what an earlier process wrote, and cuts off what it did not finish. */
  load(): void {
    const content = readFileSync(this.path);
    for (let end = this.#loadFrame(content); end > this.#sizeBytes; end = this.#loadFrame(content))
      this.#sizeBytes = end;
    if (this.#sizeBytes < content.length) ftruncateSync(this.#open(), this.#sizeBytes);
  }

  /** Adds a blob in one write: the moment from which it counts. */
  add(fileId: string, body: readonly Buffer[], record: BlobRecord): void {
    const bodyBytes = body.reduce((sum, chunk) => sum + chunk.length, 0);
    const start = this.#append(body, { bodyBytes, note: { fileId, record } });
    this.blobs.set(fileId, {
      fileId,
      record,
      offset: start + HEAD_BYTES,
      frameBytes: this.#sizeBytes - start,
    });
  }

  /** Notes that a blob is gone. */
  remove(fileId: string): void {
    this.blobs.delete(fileId);
    // With its last blob the whole file goes.
    if (this.blobs.size > 0) this.#append([], { bodyBytes: 0, note: { removed: fileId } });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  delete(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  #open(): number {
    this.#file ??= openSync(this.path, 'a');
    return this.#file;
  }

  /** Answers where the frame begins. */
  #append(
    body: readonly Buffer[],
    { bodyBytes, note }: { readonly bodyBytes: number; readonly note: object },
  ): number {
    const record = Buffer.from(JSON.stringify(note));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(bodyBytes, 0);
    head.writeUInt32BE(record.length, 4);
    head.writeUInt32BE(crc32(record), 8);
    const start = this.#sizeBytes;
    const frameBytes = HEAD_BYTES + bodyBytes + record.length;
    const written = writevSync(this.#open(), [head, ...body, record]);
    if (written < frameBytes) {
      // The disk is full: what stands there must not be taken for the beginning of the next frame.
      ftruncateSync(this.#open(), start);
      throw new Error('the disk is full');
    }
    this.#sizeBytes += frameBytes;
    return start;
  }

  /** Answers the end of the frame that begins where the last one ended, or that beginning when there is none. */
  #loadFrame(content: Buffer): number {
    const start = this.#sizeBytes;
    if (start + HEAD_BYTES > content.length) return start;
    const bodyBytes = content.readUInt32BE(start);
    const recordStart = start + HEAD_BYTES + bodyBytes;
    const end = recordStart + content.readUInt32BE(start + 4);
    const record = content.subarray(recordStart, end);
    if (end > content.length || crc32(record) !== content.readUInt32BE(start + 8)) return start;

    const note: unknown = JSON.parse(record.toString());
    if (isRemovalNote(note)) this.blobs.delete(note.removed);
    else if (isBlobNote(note))
      this.blobs.set(note.fileId, { ...note, offset: start + HEAD_BYTES, frameBytes: end - start });
    return end;
  }
}

function isRemovalNote(note: unknown): note is RemovalNote {
  return typeof note === 'object' && note !== null && 'removed' in note;
}

function isBlobNote(note: unknown): note is Pick<PackedBlob, 'fileId' | 'record'> {
  return typeof note === 'object' && note !== null && 'record' in note && isBlobRecord(note.record);
}
