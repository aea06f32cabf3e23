// The way to IndexedDB: opened when needed, opened again when lost, and given up on while it does not answer.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ResumeRecord } from './resume-record.js';

export interface ResumeSchema extends DBSchema {
  /** By id, which the signer makes in the order of time: the oldest comes first whatever this device's clock says. */
  records: { key: string; value: ResumeRecord; indexes: { site: [string, string] } };
  /** Of images made from a source. As ArrayBuffer: WebKit's private sessions refuse blobs. */
  bytes: { key: string; value: ArrayBuffer };
  /** By upload and part number. */
  digests: { key: [string, number]; value: string };
}

export type Database = IDBPDatabase<ResumeSchema>;

/** No answer in time, or an earlier question is still unanswered. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface ConnectionOptions {
  readonly name: string;
  readonly timeoutMs: number;
}

export class Connection {
  readonly #options: ConnectionOptions;
  #database: Promise<Database> | undefined;
  #unanswered = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** @throws {NoAnswer} @throws {DOMException} Whatever storage has against it. */
  async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    // One that hangs lets each caller wait once, not with each question.
    if (this.#unanswered > 0) throw new NoAnswer();
    const answer = this.#attempt(work);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#unanswered += 1;
        answer.catch(() => {}).finally(() => (this.#unanswered -= 1));
        reject(new NoAnswer());
      }, this.#options.timeoutMs);
    });
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  /** Tries again on a new connection when the one at hand turns out to be closed. */
  async #attempt<T>(work: (database: Database) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      this.#database = undefined;
      return work(await this.#open());
    }
  }

  #open(): Promise<Database> {
    this.#database ??= this.#connect().catch((error: unknown) => {
      this.#database = undefined;
      throw error;
    });
    return this.#database;
  }

  async #connect(): Promise<Database> {
    const forget = () => (this.#database = undefined);
    const database = await openDB<ResumeSchema>(this.#options.name, 2, {
      upgrade: createStores,
      terminated: forget,
      // Another tab upgrades or deletes the database, and waits for this one.
      blocking: () => {
        forget();
        database.close();
      },
    });
    return database;
  }
}

function createStores(database: Database): void {
  // Those of version 1 had other keys, and no release.
  for (const name of database.objectStoreNames) database.deleteObjectStore(name);
  const records = database.createObjectStore('records', { keyPath: 'id' });
  records.createIndex('site', ['signer', 'siteKey']);
  database.createObjectStore('bytes');
  database.createObjectStore('digests');
}
