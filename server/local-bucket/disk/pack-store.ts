// The small blobs of a bucket, many to a file. Creating a file is the dearest thing a file system does: while something else
// writes, a disk creates a thousand in a second and appends fifty thousand times.
import { mkdirSync, readdirSync, readSync, openSync, closeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PackFile } from './pack-file.js';
import type { PackedBlob } from './pack-file.js';
import type { BlobRecord } from './records.js';

const FULL_BYTES = 64 * 2 ** 20;

export interface BlobPlace {
  readonly path: string;
  readonly offset: number;
}

export class PackStore {
  readonly #dir: string;
  readonly #packs = new Set<PackFile>();
  readonly #packOf = new Map<string, PackFile>();
  #active: PackFile | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  add(fileId: string, body: readonly Buffer[], record: BlobRecord): void {
    const pack = this.#activePack();
    pack.add(fileId, body, record);
    this.#packOf.set(fileId, pack);
  }

  find(fileId: string): BlobPlace | undefined {
    const pack = this.#packOf.get(fileId);
    const blob = pack?.blobs.get(fileId);
    return pack && blob && { path: pack.path, offset: blob.offset };
  }

  /** Whether the blob was here. */
  remove(fileId: string): boolean {
    const pack = this.#packOf.get(fileId);
    if (!pack) return false;
    this.#packOf.delete(fileId);
    pack.remove(fileId);
    if (pack.blobs.size === 0) this.#drop(pack);
    else if (pack !== this.#active) pack.close();
    return true;
  }

  /** Reads all packs, and writes those anew that are half empty. */
  *load(): Generator<PackedBlob> {
    mkdirSync(this.#dir, { recursive: true });
    for (const name of readdirSync(this.#dir)) {
      const pack = new PackFile(join(this.#dir, name));
      pack.load();
      this.#packs.add(pack);
      for (const blob of pack.blobs.values()) this.#take(blob, pack);
      pack.close();
    }
    this.#compact();
    for (const pack of this.#packs) yield* pack.blobs.values();
  }

  close(): void {
    for (const pack of this.#packs) pack.close();
  }

  /** A crash while packs were written anew leaves a blob in two of them: either will do. */
  #take(blob: PackedBlob, pack: PackFile): void {
    if (this.#packOf.has(blob.fileId)) pack.blobs.delete(blob.fileId);
    else this.#packOf.set(blob.fileId, pack);
  }

  #activePack(): PackFile {
    if (this.#active && this.#active.sizeBytes < FULL_BYTES) return this.#active;
    this.#active?.close();
    this.#active = undefined;
    this.#compact();
    // Compaction may have begun a new one.
    this.#active ??= this.#createPack();
    return this.#active;
  }

  #createPack(): PackFile {
    const pack = new PackFile(join(this.#dir, randomBytes(8).toString('hex')));
    this.#packs.add(pack);
    return pack;
  }

  #compact(): void {
    const wasteful = [...this.#packs].filter(
      (pack) => pack !== this.#active && pack.liveBytes < pack.sizeBytes / 2,
    );
    for (const pack of wasteful) {
      if (pack.blobs.size > 0) this.#moveBlobs(pack);
      this.#drop(pack);
    }
  }

  #moveBlobs(pack: PackFile): void {
    this.#active ??= this.#createPack();
    const file = openSync(pack.path, 'r');
    for (const { fileId, record, offset } of pack.blobs.values()) {
      const body = Buffer.alloc('size' in record && !('segments' in record) ? record.size : 0);
      readSync(file, body, 0, body.length, offset);
      this.#active.add(fileId, [body], record);
      this.#packOf.set(fileId, this.#active);
    }
    closeSync(file);
  }

  #drop(pack: PackFile): void {
    this.#packs.delete(pack);
    if (this.#active === pack) this.#active = undefined;
    pack.delete();
  }
}
