// sign, status, complete and abort of single-PUT uploads: what storage holds is asked, never believed.
import type { Caller, SignerContext } from '../context.js';
import { putTarget } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type {
  AbortResponse,
  CompleteResponse,
  CompletedFile,
  SignRequest,
  SignResponse,
  StatusResponse,
} from '../protocol.js';
import { issueReceipt } from '../receipt.js';
import { publicAddress } from '../storage/presigner.js';
import type { StoredObject } from '../storage/storage.js';
import { eachTicket, type TicketItem } from './each-ticket.js';

/** Fresh presigned requests. An upload that is stored already answers `conflict`. */
export function signUploads(
  context: SignerContext,
  { requests }: SignRequest,
  caller: Caller,
): Promise<SignResponse['results']> {
  const tokens = requests.map(({ ticket }) => ticket);
  return eachTicket(context, { tokens, caller }, async ({ ticket, storage }, index) => {
    if (isOurs(await storage.headObject(ticket.key, caller.signal), ticket)) {
      throw new ProblemError('conflict', 'The file is stored already. Complete the upload.');
    }
    return { id: ticket.id, request: await storage.presignPut(putTarget(ticket, requests[index]?.md5)) };
  });
}

/** What storage really holds. */
export function uploadStatus(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<StatusResponse['results']> {
  return eachTicket(context, { tokens, caller }, async ({ ticket, storage }) => {
    const stored = isOurs(await storage.headObject(ticket.key, caller.signal), ticket);
    return { id: ticket.id, state: stored ? 'stored' : 'pending', parts: [] } as const;
  });
}

/** Proves size and type with HeadObject and issues the receipt; asking again gives the same answer. */
export function completeUploads(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<CompleteResponse['files']> {
  return eachTicket(context, { tokens, caller }, async (item) => {
    const object = await item.storage.headObject(item.ticket.key, caller.signal);
    if (!object)
      throw new ProblemError('not-uploaded', 'The file is not in storage. Send it, then complete.');
    checkStored(item, object);
    return describe(context, item, object);
  });
}

/** Gives an upload up. A stored file stays: `conflict`. */
export function abortUploads(
  context: SignerContext,
  tokens: readonly string[],
  caller: Caller,
): Promise<AbortResponse['results']> {
  return eachTicket(context, { tokens, caller }, async ({ ticket, storage }) => {
    if (await storage.headObject(ticket.key, caller.signal)) {
      throw new ProblemError('conflict', 'The file is stored already; it stays.');
    }
    return { id: ticket.id };
  });
}

function isOurs(object: StoredObject | undefined, { size, type }: TicketItem['ticket']): boolean {
  return object !== undefined && object.size === size && object.type === type;
}

function checkStored({ ticket }: TicketItem, object: StoredObject): void {
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

async function describe(
  context: SignerContext,
  item: TicketItem,
  object: StoredObject,
): Promise<CompletedFile> {
  const { id, key, name, size, type } = item.ticket;
  const proof = {
    key,
    name,
    size,
    type,
    etag: object.etag,
    ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
  };
  // The time of storing, not of asking: a repeated call must answer with the same bytes.
  const iat = Math.floor(object.storedAt.getTime() / 1000);
  const claims = { iss: context.publicUrl, sub: id, site: item.site.key, ...proof, iat };
  const receipt = await issueReceipt(claims, item.site.receiptSecrets[0]);
  return { id, url: await fileUrl(context, item, object), ...proof, receipt };
}

async function fileUrl(
  context: SignerContext,
  { ticket, site }: TicketItem,
  object: StoredObject,
): Promise<string> {
  if (site.visibility === 'public') {
    // Where a key can be written twice, the address names the version that was checked.
    const version =
      object.versionId === undefined ? '' : `?versionId=${encodeURIComponent(object.versionId)}`;
    return publicAddress(site.storage, ticket.key) + (site.storage.publicUrl === null ? version : '');
  }
  const { key, name, type } = ticket;
  const expiresAt = Math.floor(object.storedAt.getTime() / 1000) + site.fileLinkSeconds;
  const version = object.versionId === undefined ? {} : { versionId: object.versionId };
  const token = await context.fileLinks.seal({ site: site.key, key, name, type, ...version, expiresAt });
  return `${context.publicUrl}/v1/files/${token}`;
}
