// What storage says of an upload's object: is it the one that was agreed, and has it really come or gone?
import type { SignerContext } from '../context.js';
import { ProblemError } from '../problem.js';
import type { StoredObject } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';
import type { TicketItem } from './each-ticket.js';

/** Milliseconds. Some stores hide an upload for a moment while they turn it into an object. */
const SECOND_LOOK_AFTER = 500;

/** Whether an object is the one that a ticket stands for. */
export function isOurs(object: StoredObject | undefined, { size, type }: Ticket): object is StoredObject {
  return object !== undefined && object.size === size && object.type === type;
}

/** @throws {ProblemError} `size-mismatch` or `type-mismatch`. */
export function checkStored({ ticket }: TicketItem, object: StoredObject): void {
  if (object.size !== ticket.size) {
    throw new ProblemError('size-mismatch', `${object.size} bytes are stored, ${ticket.size} were agreed.`);
  }
  if (object.type !== ticket.type) {
    throw new ProblemError('type-mismatch', 'The stored file has another type.');
  }
  // A PUT may carry headers that nobody signed; these change what the bytes are to whoever opens them.
  if (object.presentation.length > 0) {
    throw new ProblemError('type-mismatch', 'The stored file carries headers that were not agreed.');
  }
}

/** Looks for the object of an upload that is no longer open: completed and stored, or undefined when it is gone. */
export async function findAfterClose(
  { sleep }: Pick<SignerContext, 'sleep'>,
  { ticket, storage }: TicketItem,
  signal: AbortSignal,
): Promise<StoredObject | undefined> {
  const object = await storage.headObject(ticket.key, signal);
  if (isOurs(object, ticket)) return object;
  await sleep(SECOND_LOOK_AFTER, signal);
  const later = await storage.headObject(ticket.key, signal);
  return isOurs(later, ticket) ? later : undefined;
}

export function uploadGone(): ProblemError {
  return new ProblemError('upload-gone', 'Storage no longer has this upload. Start it again.');
}

export function storedAlready(): ProblemError {
  return new ProblemError('conflict', 'The file is stored already. Complete the upload.');
}
