// The blobs of one bucket, large ones in files, small ones in packs: publish, read, remove. No name on disk is made from a key,
// so any key works on any file system.
import { createReadStream, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobWriter, readRecord } from './blob-file.js';
import { PackStore } from './pack-store.js';
import type { BlobRecord, Segment, Stored } from './records.js';

const READ_BYTES = 512 * 1024;

export class BlobStore {
  readonly #dir: string;
  readonly #tempDir: string;
  readonly #packs: PackStore;
  readonly #knownFolders = new Set<string>();
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dir: string, tempDir: string) {
    this.#dir = join(dir, 'blobs');
    this.#tempDir = tempDir;
    this.#packs = new PackStore(join(dir, 'packs'));
  }

  createWriter(): BlobWriter {
    return new BlobWriter(this.#tempDir);
  }

  /**
   * Puts a finished blob in its place: the moment from which it counts. Synchronous, so that a caller can check a condition,
   * publish and update its index with nothing in between.
   */
  publish(writer: BlobWriter): void {
    if (writer.small) {
      this.#packs.add(writer.fileId, writer.small.body, writer.small.record);
      return;
    }
    const folder = join(this.#dir, writer.fileId.slice(0, 2));
    if (!this.#knownFolders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#knownFolders.add(folder);
    renameSync(writer.path, join(folder, writer.fileId));
  }

  /** Opens a file at once, so that it stays readable even if it is removed a moment later. `end` is inclusive. */
  open(fileId: string, range: { readonly start: number; readonly end: number }): ReadStream {
    const { path, offset } = this.#packs.find(fileId) ?? { path: this.#path(fileId), offset: 0 };
    const fd = openSync(path, 'r');
    const [start, end] = [range.start + offset, range.end + offset];
    return createReadStream(path, { fd, start, end, highWaterMark: READ_BYTES });
  }

  /** Keeps segments on disk until the returned function is called: a reader opens them one after the other. */
  pin(segments: readonly Segment[]): () => void {
    for (const { fileId } of segments) this.#readers.set(fileId, (this.#readers.get(fileId) ?? 0) + 1);
    return () => {
      for (const { fileId } of segments) this.#unpin(fileId);
    };
  }

  /** Removes blobs, the first one before the others; one that is being read goes when its last reader is done. */
  async remove(fileIds: readonly string[]): Promise<void> {
    const [first, ...others] = fileIds;
    if (first !== undefined) await this.#removeOne(first);
    await Promise.all(others.map((fileId) => this.#removeOne(fileId)));
  }

  /** Gives back what is held open. */
  close(): void {
    this.#packs.close();
  }

  /** All records on disk, in no order. Torn files are handed to `onTorn`. */
  *scan(onTorn: (fileId: string) => void): Generator<Stored<BlobRecord>> {
    for (const { fileId, record } of this.#packs.load()) yield { ...record, fileId };
    mkdirSync(this.#dir, { recursive: true });
    for (const folder of readdirSync(this.#dir)) {
      for (const fileId of readdirSync(join(this.#dir, folder))) {
        const record = readRecord(join(this.#dir, folder, fileId));
        if (record) yield { ...record, fileId };
        else onTorn(fileId);
      }
    }
  }

  async #removeOne(fileId: string): Promise<void> {
    if (this.#readers.has(fileId)) this.#doomed.add(fileId);
    else if (!this.#packs.remove(fileId)) await rm(this.#path(fileId), { force: true });
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
    if (this.#doomed.delete(fileId)) void this.#removeOne(fileId).catch(() => undefined);
  }
}
