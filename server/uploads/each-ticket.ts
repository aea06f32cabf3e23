// What the ticket routes share: open each ticket, pass gate 2, do the work, and keep one failure from failing the rest.
import type { Caller, SignerContext } from '../context.js';
import { ProblemError, toItemError } from '../problem.js';
import type { Failed } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';
import { findSite } from './create-uploads.js';

export interface TicketItem {
  readonly ticket: Ticket;
  readonly site: Site;
  readonly storage: Storage;
}

/** Runs `work` for every ticket; answers in request order. */
export function eachTicket<T>(
  context: SignerContext,
  { tokens, caller }: { readonly tokens: readonly string[]; readonly caller: Caller },
  work: (item: TicketItem, index: number) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  return Promise.all(
    tokens.map(async (token, index) => {
      let id: string | undefined;
      try {
        const ticket = await context.tickets.open(token);
        id = ticket.id;
        const site = findSite(context, ticket.site, caller);
        return await work({ ticket, site, storage: context.storageOf(site) }, index);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        caller.note(error);
        return { error: toItemError(error, id) };
      }
    }),
  );
}
