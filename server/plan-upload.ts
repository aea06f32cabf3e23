// Plans one accepted file: its id, its key, and what will be signed and remembered (pure).
import type { AcceptedFile } from './decide.js';
import { encodeForMetadata } from './file-name.js';
import { createUploadId, objectKey, type Random } from './object-key.js';
import type { PutTarget } from './storage/storage.js';
import type { Ticket } from './ticket.js';

export interface PlanInput {
  readonly site: string;
  readonly prefix: string;
  readonly now: Date;
  readonly random: Random;
}

/** The plan of a single PUT. */
export function planUpload(
  file: AcceptedFile,
  { site, prefix, now, random }: PlanInput,
): Omit<Ticket, 'expiresAt'> {
  const id = createUploadId(now, random);
  const { request, name, type } = file;
  return { site, id, key: objectKey({ prefix, id, type, now }), name, size: request.size, type };
}

/** What storage is asked to take for a planned upload. */
export function putTarget(ticket: Omit<Ticket, 'expiresAt'>, md5: string | undefined): PutTarget {
  return {
    key: ticket.key,
    size: ticket.size,
    type: ticket.type,
    ...(md5 === undefined ? {} : { md5 }),
    metadata: { name: encodeForMetadata(ticket.name) },
  };
}
