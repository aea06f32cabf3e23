// What the ticket routes share: open each ticket, pass gate 2, do the work, and keep one failure from failing the rest.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { ProblemError, toItemError } from '../problem.js';
import type { Failed } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';
import { findSite } from '../find-site.js';

export interface TicketItem<T extends Ticket = Ticket> {
  readonly ticket: T;
  readonly site: Site;
  readonly storage: Storage;
}

/** What one item of a call asks, and its place in the list. */
export interface Asked<Request> {
  readonly request: Request;
  readonly index: number;
}

interface Call<Request> {
  readonly requests: readonly Request[];
  readonly tokenOf: (request: Request) => string;
  readonly caller: Caller;
}

/** Items of one call that are worked on at once, so that a large call leaves room for others. */
const CONCURRENCY = 16;

/** Runs `work` once for every different request; answers in request order. */
export async function eachRequest<Request, T>(
  context: SignerContext,
  { requests, tokenOf, caller }: Call<Request>,
  work: (item: TicketItem, asked: Asked<Request>) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  const places = new Map<string, Asked<Request>>();
  const names = requests.map((request) => JSON.stringify(request));
  for (const [index, request] of requests.entries()) {
    const name = names[index] ?? '';
    if (!places.has(name)) places.set(name, { request, index });
  }
  const answerOne = async (asked: Asked<Request>): Promise<T | Failed> => {
    let id: string | undefined;
    try {
      const ticket = await context.tickets.open(tokenOf(asked.request));
      id = ticket.id;
      const site = findSite(context, ticket.site, caller);
      return await work({ ticket, site, storage: context.storageOf(site) }, asked);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      caller.note(error);
      return { error: toItemError(error, id) };
    }
  };
  const answers = await pMap(places.values(), answerOne, { concurrency: CONCURRENCY });
  const order = [...places.keys()];
  // Every name is among the places.
  return names.flatMap((name) => answers[order.indexOf(name)] ?? []);
}

/** Runs `work` once for every different ticket; answers in request order. */
export function eachTicket<T>(
  context: SignerContext,
  { tokens, caller }: { readonly tokens: readonly string[]; readonly caller: Caller },
  work: (item: TicketItem) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  return eachRequest(context, { requests: tokens, tokenOf: (token) => token, caller }, work);
}
