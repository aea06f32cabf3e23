// Tickets: what the signer agreed to for one upload, carried by the client, opened by any signer with the secret.
import * as v from 'valibot';
import { ProblemError } from './problem.js';
import { createSealer } from './seal.js';

/** What the ticket routes take. */
export const MAX_TICKET_CHARS = 2048;
/** Seconds. */
const LIFETIME = 7 * 24 * 3600;

const TICKET = v.object({
  site: v.string(),
  id: v.string(),
  key: v.string(),
  name: v.string(),
  /** Bytes. */
  size: v.number(),
  type: v.string(),
  /** Description of an image, for its metadata and its receipt. */
  altText: v.exactOptional(v.string()),
  /** Name of the rendition; its source's id starts its own. */
  rendition: v.exactOptional(v.string()),
  /** The part plan, where the file is sent in parts; the plan is kept here because rules may change while files travel. */
  multipart: v.exactOptional(v.object({ uploadId: v.string(), partSize: v.number() })),
  /** Unix seconds. */
  expiresAt: v.number(),
});

export type Ticket = v.InferOutput<typeof TICKET>;
/** What is put into a ticket. */
export type TicketContent = Omit<Ticket, 'expiresAt'>;

export interface TicketBox {
  /**
   * @throws {ProblemError} `invalid-request` when the description is too long to be carried, `invalid-name` when name
   * and key are.
   */
  seal(ticket: TicketContent): Promise<string>;
  /** @throws {ProblemError} `ticket-invalid` or `ticket-expired`. */
  open(token: string): Promise<Ticket>;
}

/** @param now - The wall clock. */
export function createTicketBox(secret: string, now: () => Date): TicketBox {
  const sealer = createSealer(secret, 'ticket', { isDense: true });
  const nowSeconds = () => Math.floor(now().getTime() / 1000);
  return {
    async seal(ticket) {
      const token = await sealer.seal({ ...ticket, expiresAt: nowSeconds() + LIFETIME });
      if (token.length <= MAX_TICKET_CHARS) return token;
      if (ticket.altText === undefined)
        throw new ProblemError('invalid-name', 'The name is too long for where the file goes.');
      throw new ProblemError('invalid-request', 'The description of the image is too long. Shorten it.');
    },
    async open(token) {
      const parsed = v.safeParse(TICKET, await sealer.open(token));
      if (!parsed.success)
        throw new ProblemError('ticket-invalid', 'The ticket was not issued by this signer.');
      if (parsed.output.expiresAt <= nowSeconds()) {
        throw new ProblemError(
          'ticket-expired',
          'The ticket is older than seven days. Start the upload again.',
        );
      }
      return parsed.output;
    },
  };
}
