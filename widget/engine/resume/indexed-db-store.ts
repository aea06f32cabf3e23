// Remembers unfinished uploads in IndexedDB, across reloads and restarts of the browser.
import type { IDBPObjectStore } from 'idb';
import { Connection, type ConnectionOptions, type ResumeSchema } from './connection.js';
import type { ResumeRecord } from './resume-record.js';
import { MAX_KEPT_BYTES, type ResumeSite, type ResumeStore } from './resume-store.js';
import { type Write, WriteQueue, type WriteTransaction } from './write-queue.js';

/** @param options - For tests; by default one database per origin, and 3 s for an answer. */
export function createIndexedDbStore(options: Partial<ConnectionOptions> = {}): ResumeStore {
  return new IndexedDbStore(new Connection({ name: 'b2-uploader', timeoutMs: 3_000, ...options }));
}

type RecordsStore = IDBPObjectStore<ResumeSchema, ['records'], 'records'>;

class IndexedDbStore implements ResumeStore {
  readonly #connection: Connection;
  readonly #writes: WriteQueue;
  /** Saved here with neither bytes nor parts beside them, as most small files are: one request forgets them. */
  readonly #lone = new Map<string, ResumeRecord>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#writes = new WriteQueue(connection);
  }

  async open(): Promise<void> {
    await this.#connection.use(async () => undefined).catch(() => undefined);
  }

  async list({ signer, siteKey }: ResumeSite): Promise<readonly ResumeRecord[]> {
    await this.#writes.idle();
    return this.#connection
      .use((database) => this.#records(database.transaction('records').store, [signer, siteKey]))
      .catch(() => []);
  }

  /** Those that were saved here are not read again: a hundred that are under way would stop the page for a moment. */
  async #records(store: RecordsStore, site: [string, string]): Promise<readonly ResumeRecord[]> {
    const ids = await store.index('site').getAllKeys(site);
    const known = ids.filter((id) => this.#lone.has(id));
    if (known.length < ids.length / 2) return store.index('site').getAll(site);
    const records = await Promise.all(ids.map(async (id) => this.#lone.get(id) ?? store.get(id)));
    return records.filter((record) => record !== undefined);
  }

  async save(record: ResumeRecord, bytes?: Blob): Promise<void> {
    const kept = bytes && readBytes(bytes);
    const { id, plan } = record;
    if (plan.strategy === 'put' && !record.hasBytes && !bytes) this.#lone.set(id, record);
    else this.#lone.delete(id);
    if ((await this.#writes.add(id, savingOf(record, kept))) || !record.handle) return;
    // Perhaps it was the handle: not every browser can store every one.
    const { handle: _, ...others } = record;
    if (this.#lone.has(id)) this.#lone.set(id, others);
    await this.#writes.add(id, savingOf(others, kept));
  }

  async bytesOf(id: string): Promise<Blob | undefined> {
    await this.#writes.idle();
    return this.#connection
      .use((database) => database.get('bytes', id))
      .then((bytes) => bytes && new Blob([bytes]))
      .catch(() => undefined);
  }

  async saveDigest(id: string, partNumber: number, digest: string): Promise<void> {
    await this.#writes.add(id, async (transaction) => {
      if ((await transaction.objectStore('records').count(id)) === 0) return;
      await transaction.objectStore('digests').put(digest, [id, partNumber]);
    });
  }

  async digestsOf(id: string): Promise<ReadonlyMap<number, string>> {
    await this.#writes.idle();
    return this.#connection
      .use(async (database) => {
        const { store } = database.transaction('digests');
        const [keys, digests] = await Promise.all([store.getAllKeys(partsOf(id)), store.getAll(partsOf(id))]);
        return new Map(keys.map(([, partNumber], index) => [partNumber, digests[index] ?? '']));
      })
      .catch(() => new Map());
  }

  async delete(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map((id) => {
        const forget = this.#lone.delete(id) ? forgetRecord : forgetAll;
        return this.#writes.add(id, (transaction) => forget(transaction, id));
      }),
    );
  }
}

type Bytes = ArrayBuffer | 'not kept';

async function readBytes(bytes: Blob): Promise<Bytes> {
  if (bytes.size > MAX_KEPT_BYTES) return 'not kept';
  return bytes.arrayBuffer().catch(() => 'not kept' as const);
}

/** The bytes are there first: a transaction does not wait for a read. */
async function savingOf(record: ResumeRecord, given: Promise<Bytes> | undefined): Promise<Write> {
  const bytes = await given;
  return async (transaction) => {
    const { id } = record;
    const store = transaction.objectStore('bytes');
    if (bytes === 'not kept') await store.delete(id);
    else if (bytes) await store.put(bytes, id);
    const hasBytes = (record.hasBytes || bytes !== undefined) && (await store.count(id)) > 0;
    await transaction.objectStore('records').put({ ...record, hasBytes });
  };
}

function forgetRecord(transaction: WriteTransaction, id: string): Promise<void> {
  return transaction.objectStore('records').delete(id);
}

async function forgetAll(transaction: WriteTransaction, id: string): Promise<void> {
  await Promise.all([
    forgetRecord(transaction, id),
    transaction.objectStore('bytes').delete(id),
    transaction.objectStore('digests').delete(partsOf(id)),
  ]);
}

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}
