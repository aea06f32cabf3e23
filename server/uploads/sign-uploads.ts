// POST /v1/uploads/sign: fresh presigned requests, just in time, for what is not stored yet.
import type { Caller, SignerContext } from '../context.js';
import { isMultipart, partCountOf, partTarget, putTarget, type MultipartTicket } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { PartRequest, SignRequest, SignResponse } from '../protocol.js';
import { eachRequest, type Asked, type TicketItem } from './each-ticket.js';
import { findAfterClose, isOurs, storedAlready, uploadGone } from './stored-object.js';

type Request = SignRequest['requests'][number];

/** An upload that is stored answers `conflict`; one in parts that storage no longer has, `upload-gone`. */
export function signUploads(
  context: SignerContext,
  { requests }: SignRequest,
  caller: Caller,
): Promise<SignResponse['results']> {
  const openings = new Map<string, Promise<void>>();
  const checkOpen = (item: TicketItem<MultipartTicket>, signal: AbortSignal): Promise<void> => {
    const opening = openings.get(item.ticket.id) ?? requireOpen(context, item, signal);
    openings.set(item.ticket.id, opening);
    return opening;
  };
  return eachRequest(context, { requests, tokenOf: ({ ticket }) => ticket, caller }, async (item, asked) => {
    const { ticket, storage } = item;
    if (isMultipart(ticket)) {
      const parts = plannedParts(ticket, asked);
      await checkOpen({ ...item, ticket }, asked.signal);
      const signed = parts.map(async (part) => ({
        partNumber: part.partNumber,
        request: await storage.presignPart(partTarget(ticket, part)),
      }));
      return { id: ticket.id, parts: await Promise.all(signed) };
    }
    refuseParts(asked);
    if (isOurs(await storage.headObject(ticket.key, asked.signal), ticket)) throw storedAlready();
    return { id: ticket.id, request: await storage.presignPut(putTarget(ticket, asked.request.md5)) };
  });
}

async function requireOpen(
  context: SignerContext,
  item: TicketItem<MultipartTicket>,
  signal: AbortSignal,
): Promise<void> {
  const { key, multipart } = item.ticket;
  const parts = await item.storage.listParts({ key, uploadId: multipart.uploadId, limit: 1 }, signal);
  if (parts) return;
  throw (await findAfterClose(context, item, signal)) ? storedAlready() : uploadGone();
}

function plannedParts(ticket: MultipartTicket, { request, index }: Asked<Request>): readonly PartRequest[] {
  const place = `requests[${index}]`;
  if (request.parts === undefined) {
    throw new ProblemError('invalid-request', 'This file is sent in parts: say which parts to sign.', {
      field: `${place}.parts`,
    });
  }
  if (request.md5 !== undefined) {
    const detail = 'This file is sent in parts: each part has an md5 of its own.';
    throw new ProblemError('invalid-request', detail, { field: `${place}.md5` });
  }
  const partCount = partCountOf(ticket);
  const wrong = request.parts.findIndex(({ partNumber }) => partNumber < 1 || partNumber > partCount);
  if (wrong < 0) return request.parts;
  throw new ProblemError('invalid-part', `The file's parts are numbered from 1 to ${partCount}.`, {
    field: `${place}.parts[${wrong}].partNumber`,
  });
}

function refuseParts({ request, index }: Asked<Request>): void {
  if (request.parts === undefined) return;
  const field = `requests[${index}].parts`;
  throw new ProblemError('invalid-part', 'This file is sent in one request: it has no parts.', { field });
}
