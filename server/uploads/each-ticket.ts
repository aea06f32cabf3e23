// What the ticket routes share: a cap, a deadline, gate 2 for each ticket, and no failure of one that fails the rest.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { ProblemError, toItemError } from '../problem.js';
import type { Failed } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { Ticket } from '../ticket.js';
import { findSite } from '../find-site.js';
import { limitTickets } from '../limits/limit-tickets.js';
import { withDeadline } from './with-deadline.js';

export interface TicketItem<T extends Ticket = Ticket> {
  readonly ticket: T;
  readonly site: Site;
  readonly storage: Storage;
}

/** When the work on an item has to end. */
export interface Ends {
  /** The call's time is over, or its caller went away. */
  readonly signal: AbortSignal;
  /** The call's time is over. */
  readonly deadline: AbortSignal;
}

/** What one item of a call asks, and its place in the list. */
export interface Asked<Request> extends Ends {
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

/**
 * Runs `work` once for every different request, within the time of a call; answers in request order.
 * @throws {ProblemError} `rate-limited`.
 */
export async function eachRequest<Request, T>(
  context: SignerContext,
  call: Call<Request>,
  work: (item: TicketItem, asked: Asked<Request>) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  const { caller, requests } = call;
  await limitTickets(context.limiter, caller, requests.length);
  return withDeadline(context, (deadline) => {
    const ends = { deadline, signal: AbortSignal.any([caller.signal, deadline]) };
    return answerAll(context, call, (item, place) => work(item, { ...place, ...ends }));
  });
}

type Place<Request> = Omit<Asked<Request>, keyof Ends>;

async function answerAll<Request, T>(
  context: SignerContext,
  { requests, tokenOf, caller }: Call<Request>,
  work: (item: TicketItem, place: Place<Request>) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  const places = new Map<string, Place<Request>>();
  const names = requests.map((request) => JSON.stringify(request));
  for (const [index, request] of requests.entries()) {
    const name = names[index] ?? '';
    if (!places.has(name)) places.set(name, { request, index });
  }
  const answerOne = async (place: Place<Request>): Promise<T | Failed> => {
    let id: string | undefined;
    try {
      const ticket = await context.tickets.open(tokenOf(place.request));
      id = ticket.id;
      const site = findSite(context, ticket.site, caller);
      return await work({ ticket, site, storage: context.storageOf(site) }, place);
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

/** As `eachRequest`, where tickets are all that is asked. */
export function eachTicket<T>(
  context: SignerContext,
  { tokens, caller }: { readonly tokens: readonly string[]; readonly caller: Caller },
  work: (item: TicketItem, ends: Ends) => Promise<T>,
): Promise<readonly (T | Failed)[]> {
  return eachRequest(context, { requests: tokens, tokenOf: (token) => token, caller }, work);
}
