// Sends the parts of an upload: hashed and signed in groups a little ahead of sending, several at once.
import { partQueueOf } from '../task-queue.js';
import { hashBody } from './hash-body.js';
import { type Delivery, type Part, partBody, sendPart, type SignedPartRequest } from './send-part.js';

export interface PartsDelivery extends Omit<Delivery, 'signal'> {
  /** Parts that storage lacks, in order. */
  readonly missing: readonly number[];
  /** Requests that came with the plan. */
  readonly signed: ReadonlyMap<number, SignedPartRequest>;
  /** Whether each part carries its MD5. */
  readonly isHashed: boolean;
  /** Those of a body that goes as one PUT, where they were read already. */
  readonly bytes?: ArrayBuffer | undefined;
  readonly onStored: (partNumber: number, md5: string | undefined) => void;
}

type ReadyPart = Part & { readonly signed: SignedPartRequest | undefined };

/** @throws {UploadError} Of the first part that fails for good; the others are stopped. */
export async function sendParts(delivery: PartsDelivery): Promise<void> {
  const { job, missing } = delivery;
  const stop = new AbortController();
  const signal = AbortSignal.any([job.signal, stop.signal]);
  const flights = new Set<Promise<void>>();
  const launch = (part: ReadyPart) => {
    const flight = sendPart({ ...delivery, signal }, part, part.signed)
      .then(() => delivery.onStored(part.partNumber, part.md5))
      .catch((error: unknown) => stop.abort(error))
      .finally(() => {
        partQueueOf(job.site).leave();
        flights.delete(flight);
      });
    flights.add(flight);
  };
  try {
    for (const group of groupsOf(missing, job.concurrency)) {
      for (const part of await readyGroup({ ...delivery, signal }, group)) launch(part);
    }
  } catch (error) {
    stop.abort(error);
  }
  await Promise.all(flights);
  signal.throwIfAborted();
}

/** The first part goes at once; then groups grow, so that signing calls are few. */
function* groupsOf(parts: readonly number[], largest: number): Generator<readonly number[]> {
  let size = 1;
  for (let start = 0; start < parts.length; start += size, size = Math.min(size * 2, largest)) {
    yield parts.slice(start, start + size);
  }
}

type Group = PartsDelivery & { readonly signal: AbortSignal };

/**
 * Hashes and signs a group when there is room for it. Twice as many parts of the site as are sent at once are
 * ready or on their way: signatures stay young, and the line is never idle.
 */
async function readyGroup(delivery: Group, group: readonly number[]): Promise<readonly ReadyPart[]> {
  const { job, signal } = delivery;
  const weight = group.length;
  const partQueue = partQueueOf(job.site);
  await partQueue.enter({ limit: job.concurrency * 2, rank: job.rank, weight }, signal);
  try {
    const parts: Part[] = [];
    for (const partNumber of group) parts.push(await hashPart(delivery, partNumber));
    const signed = await signGroup(delivery, parts);
    return parts.map((part) => ({ ...part, signed: signed.get(part.partNumber) }));
  } catch (error) {
    for (let parts = 0; parts < weight; parts += 1) partQueue.leave();
    throw error;
  }
}

async function hashPart(delivery: Group, partNumber: number): Promise<Part> {
  const { job, plan, isHashed, signal } = delivery;
  const bytes = plan.strategy === 'put' ? delivery.bytes : undefined;
  const body = partBody(delivery, partNumber);
  // A single PUT was hashed before it was planned.
  if (!isHashed) return { partNumber, body, bytes };
  const known = plan.strategy === 'put' ? job.memory().digests?.get(partNumber) : undefined;
  return {
    partNumber,
    body,
    bytes,
    md5: known ?? (await job.patience.keepTrying(() => hashBody(job, body, signal), signal)),
  };
}

async function signGroup(
  { job, plan, signed, signal }: Group,
  parts: readonly Part[],
): Promise<ReadonlyMap<number, SignedPartRequest>> {
  if (parts.every(({ partNumber }) => signed.has(partNumber))) return signed;
  const wanted = parts.map(({ partNumber, md5 }) => ({ partNumber, ...(md5 === undefined ? {} : { md5 }) }));
  return job.patience.keepTrying(async () => {
    const signedAtMs = job.now();
    const requests = await job.client.sign.add({ plan, parts: wanted });
    return new Map(requests.map(({ partNumber, request }) => [partNumber, { request, signedAtMs }]));
  }, signal);
}
