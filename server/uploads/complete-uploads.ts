// POST /v1/uploads/complete: puts parts together, proves size and type with HeadObject, and issues the receipt.
import type { Caller, SignerContext } from '../context.js';
import { isMultipart, type MultipartTicket } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { CompleteResponse } from '../protocol.js';
import type { StoredObject } from '../storage/storage.js';
import { assembleParts } from './assemble-parts.js';
import { stillAssembling, waitUntil } from './completions.js';
import { describeFile } from './describe-file.js';
import { eachTicket, type TicketItem } from './each-ticket.js';
import { checkStored } from './stored-object.js';

/**
 * Asking again gives the same answer. What storage still assembles when the call's time is over answers
 * `storage-timeout`; the work goes on, and the next call joins it.
 */
export function completeUploads(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<CompleteResponse['files']> {
  return eachTicket(context, { tokens, caller }, async (item, { signal, deadline }) => {
    const { ticket } = item;
    const object = isMultipart(ticket)
      ? await assemble(context, { ...item, ticket }, deadline)
      : await findPut(item, signal);
    checkStored(item, object);
    return describeFile(context, item, object);
  });
}

function assemble(
  context: SignerContext,
  item: TicketItem<MultipartTicket>,
  deadline: AbortSignal,
): Promise<StoredObject> {
  if (deadline.aborted) throw stillAssembling();
  // Neither a page that is closed nor the end of this call stops what storage has begun.
  const never = new AbortController().signal;
  const completion = context.completions.join(item.ticket, () => assembleParts(context, item, never));
  return waitUntil(deadline, completion);
}

async function findPut({ ticket, storage }: TicketItem, signal: AbortSignal): Promise<StoredObject> {
  const object = await storage.headObject(ticket.key, signal);
  if (object) return object;
  throw new ProblemError('not-uploaded', 'The file is not in storage. Send it, then complete.');
}
