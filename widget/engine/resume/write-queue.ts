// Writes of the same moment share one transaction: hundreds of small files cost a few transactions, not hundreds.
import type { IDBPTransaction } from 'idb';
import { type Connection, type Database, NoAnswer, type ResumeSchema } from './connection.js';

const STORES = ['records', 'bytes', 'digests'] as const;

type Stores = (typeof STORES)[number][];
export type WriteTransaction = IDBPTransaction<ResumeSchema, Stores, 'readwrite'>;

/** Awaits nothing but the transaction's own requests: it would end meanwhile. */
export type Write = (transaction: WriteTransaction) => Promise<void>;

interface Waiting {
  /** Of the upload that it is about. */
  readonly id: string;
  readonly write: Promise<Write>;
  readonly settle: (isDone: boolean) => void;
}

export class WriteQueue {
  readonly #connection: Connection;
  #waiting: Waiting[] = [];
  #work: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * @param id - Of the upload that it is about.
   * @param write - A promise keeps its place in the order; it never rejects.
   * @returns False when storage did not take it; never rejects.
   */
  add(id: string, write: Write | Promise<Write>): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting.push({ id, write: Promise.resolve(write), settle });
      this.#work ??= this.#run();
    });
  }

  /** Until everything that was added is written, or given up. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    // What is added in this very moment comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#commit(group);
    }
    this.#work = undefined;
  }

  /** One that storage refuses takes back all of its transaction: then each gets its own. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#connection.use((database) => writeAll(database, group));
      for (const { settle } of group) settle(true);
    } catch (error) {
      if (error instanceof NoAnswer || group.length === 1) {
        for (const { settle } of group) settle(false);
        return;
      }
      for (const waiting of group) await this.#commit([waiting]);
    }
  }
}

async function writeAll(database: Database, group: readonly Waiting[]): Promise<void> {
  const writes = await Promise.all(group.map(async ({ id, write }) => ({ id, write: await write })));
  const transaction = database.transaction([...STORES], 'readwrite', { durability: 'relaxed' });
  // Heard below, unless a write fails first.
  transaction.done.catch(() => {});
  try {
    // Side by side, but those of one upload in order: a later one may undo an earlier one.
    const lanes = new Map<string, Promise<void>>();
    for (const { id, write } of writes) {
      const before = lanes.get(id);
      lanes.set(id, before ? before.then(() => write(transaction)) : write(transaction));
    }
    await Promise.all(lanes.values());
  } catch (error) {
    abort(transaction);
    throw error;
  }
  await transaction.done;
}

function abort(transaction: WriteTransaction): void {
  try {
    transaction.abort();
  } catch {
    // Storage did it already.
  }
}
