// Plans one accepted file: its id, its key, and what will be signed and remembered (pure).
import type { AcceptedFile } from './decide.js';
import { uploadMetadata } from './upload-metadata.js';
import {
  createUploadId,
  idWithTail,
  objectKey,
  renditionId,
  renditionKey,
  type Random,
} from './object-key.js';
import { countParts, sizeOfPart } from './plan-parts.js';
import type { PartTarget, PutTarget } from './storage/storage.js';
import type { Ticket, TicketContent } from './ticket.js';

export interface PlanInput {
  readonly site: string;
  readonly prefix: string;
  readonly now: Date;
  readonly random: Random;
  /** The random end of the id, where it is given. */
  readonly idTail?: string | undefined;
}

/** A ticket of a file that is sent in parts. */
export type MultipartTicket = Ticket & { readonly multipart: NonNullable<Ticket['multipart']> };

/** The plan of a file, before it is decided in how many requests it travels. */
export function planUpload(
  file: AcceptedFile,
  { site, prefix, now, random, idTail }: PlanInput,
): TicketContent {
  const id = idTail === undefined ? createUploadId(now, random) : idWithTail(now, idTail);
  return { site, id, key: objectKey({ prefix, id, type: file.type, now }), ...planned(file) };
}

/** The upload that a rendition belongs to. */
export type Source = Pick<TicketContent, 'id' | 'key'>;

/** The plan of a rendition: its id and key are its source's, with its name. */
export function planRendition(
  file: AcceptedFile,
  { site, source }: { readonly site: string; readonly source: Source },
): TicketContent {
  const { rendition = '' } = file.request;
  const id = renditionId(source.id, rendition);
  return { site, id, key: renditionKey(source, { id, type: file.type }), ...planned(file), rendition };
}

function planned({
  request,
  name,
  type,
}: AcceptedFile): Pick<TicketContent, 'name' | 'size' | 'type' | 'altText'> {
  const { size, altText } = request;
  return { name, size, type, ...(altText ? { altText } : {}) };
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
export function multipartTarget(ticket: TicketContent): Omit<PutTarget, 'size' | 'md5'> {
  const { key, type } = ticket;
  return { key, type, metadata: uploadMetadata(ticket) };
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
