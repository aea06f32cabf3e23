// The blob files of one bucket: publish, read, remove. File names are random, so any key works on any file system.
import { createReadStream, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobWriter, readRecord } from './blob-file.js';
import type { BlobRecord, Segment, Stored } from './records.js';

const READ_BYTES = 512 * 1024;

export class BlobStore {
  readonly #dir: string;
  readonly #tempDir: string;
  readonly #knownFolders = new Set<string>();
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dir: string, tempDir: string) {
    this.#dir = dir;
    this.#tempDir = tempDir;
  }

  createWriter(): BlobWriter {
    return new BlobWriter(this.#tempDir);
  }

  /**
   * Moves a finished blob to its place: the moment from which it counts. Synchronous, so that a caller can check a condition,
   * publish and update its index with nothing in between.
   */
  publish(writer: BlobWriter): void {
    const folder = join(this.#dir, writer.fileId.slice(0, 2));
    if (!this.#knownFolders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#knownFolders.add(folder);
    renameSync(writer.path, join(folder, writer.fileId));
  }

  /** Opens a file at once, so that it stays readable even if it is removed a moment later. `end` is inclusive. */
  open(fileId: string, range: { readonly start: number; readonly end: number }): ReadStream {
    const path = this.#path(fileId);
    const fd = openSync(path, 'r');
    return createReadStream(path, { fd, ...range, highWaterMark: READ_BYTES });
  }

  /** Keeps segments on disk until the returned function is called: a reader opens them one after the other. */
  pin(segments: readonly Segment[]): () => void {
    for (const { fileId } of segments) this.#readers.set(fileId, (this.#readers.get(fileId) ?? 0) + 1);
    return () => {
      for (const { fileId } of segments) this.#unpin(fileId);
    };
  }

  /** Removes files; one that is being read goes when its last reader is done. */
  async remove(fileIds: readonly string[]): Promise<void> {
    const free = fileIds.filter((fileId) => !this.#readers.has(fileId));
    for (const fileId of fileIds) if (this.#readers.has(fileId)) this.#doomed.add(fileId);
    await Promise.all(free.map((fileId) => rm(this.#path(fileId), { force: true })));
  }

  /** All records on disk, in no order. Torn files are handed to `onTorn`. */
  *scan(onTorn: (fileId: string) => void): Generator<Stored<BlobRecord>> {
    for (const folder of readdirSync(this.#dir)) {
      for (const fileId of readdirSync(join(this.#dir, folder))) {
        const record = readRecord(join(this.#dir, folder, fileId));
        if (record) yield { ...record, fileId };
        else onTorn(fileId);
      }
    }
  }

  #path(fileId: string): string {
    return join(this.#dir, fileId.slice(0, 2), fileId);
  }

  #unpin(fileId: string): void {
    const readers = (this.#readers.get(fileId) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(fileId, readers);
      return;
    }
    this.#readers.delete(fileId);
    if (this.#doomed.delete(fileId)) void rm(this.#path(fileId), { force: true }).catch(() => undefined);
  }
}
