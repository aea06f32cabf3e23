// Starts uploads in parts: an id of storage, the plan sealed into the ticket, and the first parts' requests.
import { planParts } from '../plan-parts.js';
import { multipartTarget, partTarget } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { MultipartUpload, SignedPart } from '../protocol.js';
import type { Storage, UploadName } from '../storage/storage.js';
import type { TicketBox, TicketContent } from '../ticket.js';
import type { UploadLimits } from '../upload-limits.js';

/** Parts that are signed at once: what a page sends first. */
const FIRST_PARTS = 12;

interface StarterOptions {
  readonly tickets: TicketBox;
  readonly storage: Storage;
  readonly limits: UploadLimits;
  /** The caller's. */
  readonly signal: AbortSignal;
}

export interface MultipartStarter {
  /** @throws {ProblemError} When storage fails, or the ticket would be too long; then nothing is left behind. */
  start(plan: TicketContent, partSizeHint: number | undefined): Promise<MultipartUpload>;
  /** Aborts all that was started, as far as storage lets us; a lifecycle rule ends the rest. */
  abandonAll(): Promise<void>;
}

/** The starter of one call. */
export function createMultipartStarter({
  tickets,
  storage,
  limits,
  signal,
}: StarterOptions): MultipartStarter {
  const started: UploadName[] = [];
  // A caller who goes away must not cut a request whose answer names what has to be aborted.
  const never = new AbortController().signal;
  const abandon = (upload: UploadName) => storage.abortMultipart(upload, never).catch(() => false);
  return {
    async start(plan, partSizeHint) {
      if (signal.aborted) throw new ProblemError('request-timeout', 'The caller went away.');
      const uploadId = await storage.createMultipart(multipartTarget(plan), never);
      const upload = { key: plan.key, uploadId };
      started.push(upload);
      try {
        return await describe(plan, uploadId, partSizeHint);
      } catch (error) {
        await abandon(upload);
        throw error;
      }
    },
    abandonAll: async () => void (await Promise.all(started.map(abandon))),
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
    const [ticket, parts] = await Promise.all([
      tickets.seal(agreed),
      Promise.all(
        Array.from({ length: count }, async (_, index): Promise<SignedPart> => {
          const partNumber = index + 1;
          return { partNumber, request: await storage.presignPart(partTarget(agreed, { partNumber })) };
        }),
      ),
    ]);
    return { id: plan.id, ticket, strategy: 'multipart', partSize, partCount, parts };
  }
}
