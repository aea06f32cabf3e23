// The folder that holds everything: its buckets, its temporary files, and the lock that keeps a second process out.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareKeys } from './key-index.js';
import { Bucket } from './bucket.js';
import { lockFolder } from './folder-lock.js';
import type { BucketSettings } from './records.js';

export class Store {
  readonly #dir: string;
  readonly #tempDir: string;
  readonly #unlock: () => void;
  readonly #buckets = new Map<string, Bucket>();

  private constructor(dir: string) {
    this.#dir = dir;
    this.#tempDir = join(dir, 'tmp');
    mkdirSync(join(dir, 'buckets'), { recursive: true });
    this.#unlock = lockFolder(dir);
  }

  /** Opens a folder, removing unfinished files. */
  static async open(dir: string): Promise<Store> {
    const store = new Store(resolve(dir));
    try {
      await rm(store.#tempDir, { recursive: true, force: true });
      mkdirSync(store.#tempDir);
      await Promise.all(readdirSync(join(store.#dir, 'buckets')).map((folder) => store.#openBucket(folder)));
      return store;
    } catch (error) {
      store.close();
      throw error;
    }
  }

  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => compareKeys(a.name, b.name));
  }

  createBucket(name: string, settings: BucketSettings): Bucket {
    const bucket = Bucket.create(this.#place(name), settings);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  async deleteBucket(bucket: Bucket): Promise<void> {
    const grave = bucket.delete();
    this.#buckets.delete(bucket.name);
    await rm(grave, { recursive: true, force: true });
  }

  close(): void {
    for (const bucket of this.#buckets.values()) bucket.blobs.close();
    this.#unlock();
  }

  async #openBucket(folder: string): Promise<void> {
    const name = folder.replace(/^bucket-/, '');
    const place = this.#place(name);
    // The settings are written when a bucket is created; a folder without them is a creation that was cut short.
    if (existsSync(join(place.dir, 'bucket.json'))) this.#buckets.set(name, await Bucket.open(place));
  }

  /** Bucket names are safe file names, but for `con`, `nul` and the like on Windows: hence the prefix. */
  #place(name: string): { readonly name: string; readonly dir: string; readonly tempDir: string } {
    return { name, dir: join(this.#dir, 'buckets', `bucket-${name}`), tempDir: this.#tempDir };
  }
}
