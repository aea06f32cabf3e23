// What the ticket routes share: open each ticket, pass gate 2, do the work, and keep one failure from failing the rest.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { ProblemError, toItemError } from '../problem.js';
import type { Failed } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';
import { findSite } from '../find-site.js';

export interface TicketItem {
  readonly ticket: Ticket;
  readonly site: Site;
  readonly storage: Storage;
}

/** Tickets of one call that are worked on at once, so that a large call leaves room for others. */
const CONCURRENCY = 16;

/** Runs `work` once for every different ticket; answers in request order. */
export async function eachTicket<T>(
  context: SignerContext,
  { tokens, caller }: { readonly tokens: readonly string[]; readonly caller: Caller },
  work: (item: TicketItem, index: number) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  const different = [...new Set(tokens)];
  const answerOne = async (token: string): Promise<T | Failed> => {
    let id: string | undefined;
    try {
      const ticket = await context.tickets.open(token);
      id = ticket.id;
      const site = findSite(context, ticket.site, caller);
      return await work({ ticket, site, storage: context.storageOf(site) }, tokens.indexOf(token));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      caller.note(error);
      return { error: toItemError(error, id) };
    }
  };
  const answers = await pMap(different, answerOne, { concurrency: CONCURRENCY });
  // Every token is among the different ones.
  return tokens.flatMap((token) => answers[different.indexOf(token)] ?? []);
}
