// POST /v1/uploads/status: what storage really holds.
import type { Caller, SignerContext } from '../context.js';
import { isMultipart, type MultipartTicket } from '../plan-upload.js';
import type { StatusResponse, UploadStatus } from '../protocol.js';
import { eachTicket, type TicketItem } from './each-ticket.js';
import { findAfterClose, isOurs } from './stored-object.js';

export function uploadStatus(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<StatusResponse['results']> {
  return eachTicket(context, { tokens, caller }, async (item, { signal }) => {
    const { ticket, storage } = item;
    if (isMultipart(ticket)) return multipartStatus(context, { ...item, ticket }, signal);
    const stored = isOurs(await storage.headObject(ticket.key, signal), ticket);
    return { id: ticket.id, state: stored ? 'stored' : 'pending', parts: [] } as const;
  });
}

async function multipartStatus(
  context: SignerContext,
  item: TicketItem<MultipartTicket>,
  signal: AbortSignal,
): Promise<UploadStatus> {
  const { id, key, multipart } = item.ticket;
  const listed = await item.storage.listParts({ key, uploadId: multipart.uploadId }, signal);
  if (listed) {
    const parts = listed.map(({ partNumber, size }) => ({ partNumber, size }));
    return { id, state: parts.length > 0 ? 'partial' : 'pending', parts };
  }
  const object = await findAfterClose(context, item, signal);
  return { id, state: object ? 'stored' : 'gone', parts: [] };
}
