// Plans one accepted file: its id, its key, and what will be signed and remembered (pure).
import type { AcceptedFile } from './decide.js';
import { encodeForMetadata } from './file-name.js';
import { createUploadId, objectKey, type Random } from './object-key.js';
import { countParts, sizeOfPart } from './plan-parts.js';
import type { PartTarget, PutTarget } from './storage/storage.js';
import type { Ticket, TicketContent } from './ticket.js';

export interface PlanInput {
  readonly site: string;
  readonly prefix: string;
  readonly now: Date;
  readonly random: Random;
}

/** A ticket of a file that is sent in parts. */
export type MultipartTicket = Ticket & { readonly multipart: NonNullable<Ticket['multipart']> };

/** The plan of a file, before it is decided in how many requests it travels. */
export function planUpload(file: AcceptedFile, { site, prefix, now, random }: PlanInput): TicketContent {
  const id = createUploadId(now, random);
  const { request, name, type } = file;
  return { site, id, key: objectKey({ prefix, id, type, now }), name, size: request.size, type };
}

/** What storage is asked to take for a planned upload in one request. */
export function putTarget(ticket: TicketContent, md5: string | undefined): PutTarget {
  return {
    ...multipartTarget(ticket),
    size: ticket.size,
    ...(md5 === undefined ? {} : { md5 }),
  };
}

/** What storage is asked to start for a planned upload in parts. */
export function multipartTarget({ key, type, name }: TicketContent): Omit<PutTarget, 'size' | 'md5'> {
  return { key, type, metadata: { name: encodeForMetadata(name) } };
}

/** What storage is asked to take for one part. */
export function partTarget(
  { key, size, multipart }: Omit<MultipartTicket, 'expiresAt'>,
  { partNumber, md5 }: { readonly partNumber: number; readonly md5?: string },
): PartTarget {
  const { uploadId, partSize } = multipart;
  return {
    key,
    uploadId,
    partNumber,
    size: sizeOfPart(partNumber, size, partSize),
    ...(md5 === undefined ? {} : { md5 }),
  };
}

/** How many parts a ticket's plan has. */
export function partCountOf({ size, multipart }: MultipartTicket): number {
  return countParts(size, multipart.partSize);
}

export function isMultipart(ticket: Ticket): ticket is MultipartTicket {
  return ticket.multipart !== undefined;
}
