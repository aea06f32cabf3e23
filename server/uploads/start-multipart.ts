// Starts uploads in parts: an id of storage, the plan sealed into the ticket, and the first parts' requests.
import { idOfKey } from '../object-key.js';
import { planParts } from '../plan-parts.js';
import { multipartTarget, partTarget } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { MultipartUpload, SignedPart } from '../protocol.js';
import type { Storage, UploadName } from '../storage/storage.js';
import type { TicketBox, TicketContent } from '../ticket.js';
import type { UploadLimits } from '../upload-limits.js';
import type { Planned } from './recent-plans.js';

/** Parts that are signed at once: what a page sends first. */
const FIRST_PARTS = 12;

/** Where an upload in parts would be that another process began for the same file. */
export interface Begun {
  readonly keyStarts: readonly string[];
  readonly idTail: string;
}

interface StarterOptions {
  readonly tickets: TicketBox;
  readonly storage: Storage;
  readonly limits: UploadLimits;
  /** The caller's. */
  readonly signal: AbortSignal;
}

export interface MultipartStarter {
  /**
   * @param wishes - `begun`: what an earlier try of the same file may have begun is gone on with.
   * @throws {ProblemError} When storage fails, or the ticket would be too long; then nothing is left behind.
   */
  start(
    plan: TicketContent,
    wishes: { readonly partSizeHint: number | undefined; readonly begun: Begun | undefined },
  ): Promise<Planned>;
  /** Aborts what was started, as far as storage lets us; a lifecycle rule ends the rest. */
  abandon(ids: readonly string[]): Promise<void>;
}

/** The starter of one call. */
export function createMultipartStarter({
  tickets,
  storage,
  limits,
  signal,
}: StarterOptions): MultipartStarter {
  const started = new Map<string, UploadName>();
  // A caller who goes away must not cut a request whose answer names what has to be aborted.
  const never = new AbortController().signal;
  const abandon = (upload: UploadName) => storage.abortMultipart(upload, never).catch(() => false);
  return {
    async start(planned, { partSizeHint, begun }) {
      if (signal.aborted) throw new ProblemError('request-timeout', 'The caller went away.');
      const found = begun && (await findBegun(storage, begun, signal));
      const plan = found ? { ...planned, id: found.id, key: found.key } : planned;
      const uploadId = found?.uploadId ?? (await storage.createMultipart(multipartTarget(plan), never));
      const upload = { key: plan.key, uploadId };
      started.set(plan.id, upload);
      try {
        return { plan, upload: await describe(plan, uploadId, partSizeHint) };
      } catch (error) {
        await abandon(upload);
        throw error;
      }
    },
    async abandon(ids) {
      const left = ids.flatMap((id) => started.get(id) ?? []);
      await Promise.all(left.map(abandon));
    },
  };

  async function describe(
    plan: TicketContent,
    uploadId: string,
    hintBytes: number | undefined,
  ): Promise<MultipartUpload> {
    const wishes = { maxPartBytes: limits.maxPartBytes, ...(hintBytes === undefined ? {} : { hintBytes }) };
    const { partSize, partCount } = planParts(plan.size, wishes);
    const agreed = { ...plan, multipart: { uploadId, partSize } };
    // Parts that carry their MD5 are signed once it is known.
    const count = limits.integrity ? 0 : Math.min(partCount, FIRST_PARTS);
    const [ticket, parts] = await Promise.all([tickets.seal(agreed), signFirst(storage, agreed, count)]);
    return { id: plan.id, ticket, strategy: 'multipart', partSize, partCount, parts };
  }
}

function signFirst(
  storage: Storage,
  agreed: Parameters<typeof partTarget>[0],
  count: number,
): Promise<readonly SignedPart[]> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const signed = numbers.map(async (partNumber) => ({
    partNumber,
    request: await storage.presignPart(partTarget(agreed, { partNumber })),
  }));
  return Promise.all(signed);
}

/** Best effort: where storage lets nobody look, a new upload is begun, and a lifecycle rule ends the other. */
async function findBegun(
  storage: Storage,
  { keyStarts, idTail }: Begun,
  signal: AbortSignal,
): Promise<(UploadName & { readonly id: string }) | undefined> {
  const lists = await Promise.all(
    keyStarts.map((start) => storage.listMultiparts(start, signal).catch(() => [])),
  );
  for (const upload of lists.flat()) {
    const id = idOfKey(upload.key);
    if (id?.endsWith(idTail)) return { ...upload, id };
  }
  return undefined;
}
