// POST /v1/uploads/abort: gives uploads up. A stored file stays.
import type { Caller, SignerContext } from '../context.js';
import { isMultipart, type MultipartTicket } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { AbortResponse } from '../protocol.js';
import { waitUntil } from './completions.js';
import { eachTicket, type Ends, type TicketItem } from './each-ticket.js';
import { findAfterClose } from './stored-object.js';

/** An upload in parts is ended in storage; one that is not there is fine; a stored one answers `conflict`. */
export function abortUploads(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<AbortResponse['results']> {
  return eachTicket(context, { tokens, caller }, async (item, ends) => {
    const { ticket, storage } = item;
    const stored = isMultipart(ticket)
      ? await abortMultipart(context, { ...item, ticket }, ends)
      : await storage.headObject(ticket.key, ends.signal);
    if (stored) throw new ProblemError('conflict', 'The file is stored already; it stays.');
    return { id: ticket.id };
  });
}

/** @returns Whether the file is stored: then there was nothing to abort. */
async function abortMultipart(
  context: SignerContext,
  item: TicketItem<MultipartTicket>,
  { signal, deadline }: Ends,
): Promise<boolean> {
  const { ticket, storage } = item;
  const completion = context.completions.find(ticket);
  // Only what it ends with tells whether there is something to abort. How it fails is told to those who asked for it.
  if (completion)
    await waitUntil(
      deadline,
      completion.catch(() => undefined),
    );
  const wasOpen = await storage.abortMultipart(
    { key: ticket.key, uploadId: ticket.multipart.uploadId },
    signal,
  );
  // Some stores take an abort of what is stored already, so a good answer alone proves nothing.
  const object = wasOpen
    ? await storage.headObject(ticket.key, signal)
    : await findAfterClose(context, item, signal);
  return object !== undefined;
}
