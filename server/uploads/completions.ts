// Completions under way in this process: whoever asks for the same upload meanwhile joins the one that runs.
import { ProblemError } from '../problem.js';
import type { StoredObject } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';

export interface Completions {
  /** The completion of an upload that is under way, if any. */
  find(ticket: Ticket): Promise<StoredObject> | undefined;
  /** Joins the completion of an upload, or starts it. It goes on when nobody waits for it any more. */
  join(ticket: Ticket, start: () => Promise<StoredObject>): Promise<StoredObject>;
}

export function createCompletions(): Completions {
  const running = new Map<string, Promise<StoredObject>>();
  return {
    find: (ticket) => running.get(nameOf(ticket)),
    join(ticket, start) {
      const name = nameOf(ticket);
      const known = running.get(name);
      if (known) return known;
      const completion = start().finally(() => running.delete(name));
      running.set(name, completion);
      // Those who wait hear of a failure; when nobody does, the next call asks storage anew.
      completion.catch(() => undefined);
      return completion;
    },
  };
}

/** @throws {ProblemError} `storage-timeout` when the deadline comes before the end of the work. */
export function waitUntil<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(stillAssembling());
    if (deadline.aborted) giveUp();
    deadline.addEventListener('abort', giveUp, { once: true });
    void work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', giveUp));
  });
}

export function stillAssembling(): ProblemError {
  const detail = 'Storage is still putting the file together. Ask again to wait for it.';
  return new ProblemError('storage-timeout', detail, { retryAfterSeconds: 1 });
}

function nameOf({ site, id }: Ticket): string {
  return `${site} ${id}`;
}
