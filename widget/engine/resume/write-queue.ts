// Writes of the same moment share one transaction: hundreds of small files cost a few transactions, not hundreds.
import type { IDBPTransaction } from 'idb';
import { type Connection, type Database, NoAnswer, type ResumeSchema } from './connection.js';

const STORES = ['records', 'bytes', 'digests'] as const;

type Stores = (typeof STORES)[number][];
export type WriteTransaction = IDBPTransaction<ResumeSchema, Stores, 'readwrite'>;

/** Awaits nothing but the transaction's own requests: it would end meanwhile. */
export type Write = (transaction: WriteTransaction) => Promise<void>;

interface Waiting {
  readonly write: Promise<Write>;
  readonly settle: (isDone: boolean) => void;
}

export class WriteQueue {
  readonly #connection: Connection;
  #waiting: readonly Waiting[] = [];
  #work: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * @param write - A promise keeps its place in the order; it never rejects.
   * @returns False when storage did not take it; never rejects.
   */
  add(write: Write | Promise<Write>): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting = [...this.#waiting, { write: Promise.resolve(write), settle }];
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
  const writes = await Promise.all(group.map(({ write }) => write));
  const transaction = database.transaction([...STORES], 'readwrite', { durability: 'relaxed' });
  // Heard below, unless a write fails first.
  transaction.done.catch(() => {});
  try {
    // In order: a later write may undo an earlier one.
    for (const write of writes) await write(transaction);
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
