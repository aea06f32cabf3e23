// Turns the parts that storage holds into the object: ListParts, CompleteMultipartUpload, HeadObject.
import type { SignerContext } from '../context.js';
import { sizeOfPart } from '../plan-parts.js';
import { partCountOf, type MultipartTicket } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { Completion, StoredObject, UploadedPart, UploadName } from '../storage/storage.js';
import type { TicketItem } from './each-ticket.js';
import { findAfterClose, uploadGone } from './stored-object.js';

/** Milliseconds before each look at the parts: a list may be older than the parts that were just sent. */
const LOOKS_AFTER = [0, 250, 500, 1000, 2000] as const;
/** Part numbers that an error names at most; `status` tells them all. */
const MAX_NAMED = 1000;

/**
 * Completes an upload, whoever else does so at the same time. ETags come from storage itself: the page may not
 * even see them.
 * @returns What is stored; its size and type are still to be checked.
 * @throws {ProblemError} `parts-missing`, `upload-gone`, or what storage failed with.
 */
export async function assembleParts(
  context: Pick<SignerContext, 'sleep'>,
  item: TicketItem<MultipartTicket>,
  signal: AbortSignal,
): Promise<StoredObject> {
  const { ticket, storage } = item;
  const upload = nameOf(ticket);
  let missing: readonly number[] = [];
  for (const pauseMs of LOOKS_AFTER) {
    if (pauseMs > 0) await context.sleep(pauseMs, signal);
    const listed = await storage.listParts(upload, signal);
    if (!listed) return settle(context, item, signal);
    const byNumber = new Map(listed.map((part) => [part.partNumber, part]));
    missing = missingParts(ticket, byNumber);
    if (missing.length > 0) continue;
    const completion = await tryCompletion(item, planned(ticket, byNumber), signal);
    if (completion === 'completed')
      // Some stores show a new object late: one more look before the page is told to begin anew.
      return (await storage.headObject(ticket.key, signal)) ?? settle(context, item, signal);
    if (completion === 'closed') return settle(context, item, signal);
  }
  throw missing.length > 0 ? partsMissing(missing) : stillChanging();
}

/** A failure may hide what became of the upload, such as an abort that came in between: then it is no longer open. */
async function tryCompletion(
  { ticket, storage }: TicketItem<MultipartTicket>,
  parts: readonly UploadedPart[],
  signal: AbortSignal,
): Promise<Completion> {
  const upload = nameOf(ticket);
  try {
    return await storage.completeMultipart({ ...upload, parts }, signal);
  } catch (error) {
    if (await storage.listParts({ ...upload, limit: 1 }, signal)) throw error;
    return 'closed';
  }
}

/** The upload is no longer open: a rival, or an earlier try whose answer was lost, has completed it, or it is gone. */
async function settle(
  context: Pick<SignerContext, 'sleep'>,
  item: TicketItem,
  signal: AbortSignal,
): Promise<StoredObject> {
  return (await findAfterClose(context, item, signal)) ?? gone();
}

/** Parts of the plan that storage lacks, or holds in another size. */
function missingParts(
  ticket: MultipartTicket,
  byNumber: ReadonlyMap<number, UploadedPart>,
): readonly number[] {
  const { size, multipart } = ticket;
  return numbers(ticket).filter(
    (partNumber) => byNumber.get(partNumber)?.size !== sizeOfPart(partNumber, size, multipart.partSize),
  );
}

function planned(
  ticket: MultipartTicket,
  byNumber: ReadonlyMap<number, UploadedPart>,
): readonly UploadedPart[] {
  return numbers(ticket).flatMap((partNumber) => byNumber.get(partNumber) ?? []);
}

function nameOf({ key, multipart }: MultipartTicket): UploadName {
  return { key, uploadId: multipart.uploadId };
}

function numbers(ticket: MultipartTicket): readonly number[] {
  return Array.from({ length: partCountOf(ticket) }, (_, index) => index + 1);
}

function partsMissing(missing: readonly number[]): ProblemError {
  const detail = `${missing.length} of the file's parts are not in storage. Send them, then complete.`;
  return new ProblemError('parts-missing', detail, { missing: missing.slice(0, MAX_NAMED) });
}

function stillChanging(): ProblemError {
  const detail = 'The parts kept changing while storage put them together. Complete again.';
  return new ProblemError('storage-unavailable', detail, { retryAfterSeconds: 1 });
}

function gone(): never {
  throw uploadGone();
}
