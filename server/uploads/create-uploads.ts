// POST /v1/uploads: judge, count, plan, sign. The tickets carry all there is to know.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { decide, type AcceptedFile } from '../decide.js';
import { findSite } from '../find-site.js';
import { openGrant, type Grant } from '../grant.js';
import { applyLimits, type Limited } from '../limits/apply-limits.js';
import { recentKeyStarts } from '../object-key.js';
import { planRendition, planUpload, putTarget, type Source } from '../plan-upload.js';
import { asProblemError, ProblemError, toItemError } from '../problem.js';
import type { CreateUploadsRequest, CreateUploadsResponse, Failed, PutUpload } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { TicketContent } from '../ticket.js';
import { uploadLimits, type UploadLimits } from '../upload-limits.js';
import { LONE_SEAT, type Planned, type Seat } from './recent-plans.js';
import {
  earlierSource,
  type EarlierSources,
  failWithSources,
  hasSourceHere,
  openSources,
  sourceFailed,
} from './rendition-sources.js';
import { createMultipartStarter } from './start-multipart.js';

type Item = CreateUploadsResponse['uploads'][number];

type Outcome = Planned | ProblemError;

/** Files of one call that are planned at once: an upload in parts asks storage for its id. */
const CONCURRENCY = 16;

interface Call {
  readonly site: Site;
  readonly grant: Grant | undefined;
  readonly limits: UploadLimits;
  /** Of the keys. */
  readonly prefix: string;
  readonly caller: Caller;
  readonly sources: EarlierSources;
}

/** Where a file is planned, and the end of its id, the same for each try; absent where the file has no nonce. */
interface Place {
  readonly seat: Seat;
  readonly idTail?: string;
}

const LONE_PLACE: Place = { seat: LONE_SEAT };

/**
 * A file that was planned already, for an earlier try or one that is under way, is answered with the same upload and
 * not counted again.
 * @throws {ProblemError} When the whole call fails; then nothing was counted.
 */
export async function createUploads(
  context: SignerContext,
  request: CreateUploadsRequest,
  caller: Caller,
): Promise<readonly Item[]> {
  const site = findSite(context, request.siteKey, caller);
  const grant = await openGrant(site, request.grant, context.now());
  const sources = await openSources(context, site, request.files);
  const prefix = site.prefix + (grant?.prefix ?? '');
  const call = { site, grant, limits: uploadLimits(site), prefix, caller, sources };
  const { verdicts, refund, placeOf } = await judge(context, call, request.files);
  const planner = createPlanner(context, call);
  const plan = async (file: AcceptedFile, index: number, here?: Outcome): Promise<Outcome> => {
    const { seat, idTail } = placeOf(index);
    if (!seat.isFirst) return seat.plan.catch(asProblemError);
    const source = (here && 'plan' in here ? here.plan : here) ?? earlierSource(sources, file);
    try {
      if (source instanceof ProblemError) throw sourceFailed(source, index);
      const planned = await planner.start(file, { source, idTail });
      seat.keep(planned);
      return planned;
    } catch (error) {
      await refund([file]);
      // One that fails unforeseen must not take the others along: storage has begun them, and nobody would hold their tickets.
      const problem = asProblemError(error);
      seat.fail(problem);
      return problem;
    }
  };
  const outcomes = await planInOrder(verdicts, plan);
  if (caller.signal.aborted) {
    // Nobody holds the tickets of a caller who went away, unless another call of theirs got them.
    const lost = verdicts.flatMap((verdict, index) => withdraw(verdict, outcomes[index], placeOf(index)));
    await planner.abandon(lost.map(({ id }) => id));
    await refund(lost.map(({ file }) => file));
  }
  return outcomes.map((outcome) =>
    outcome instanceof ProblemError ? fail(caller, outcome) : outcome.upload,
  );
}

/** Judges the files, finds out which of them were planned before, and counts the others. */
async function judge(
  context: SignerContext,
  call: Call,
  files: CreateUploadsRequest['files'],
): Promise<Limited & { readonly placeOf: (index: number) => Place }> {
  const { site, grant, limits, caller, sources } = call;
  const decided = decide(site, files, {
    accept: grant?.accept ?? null,
    maxFiles: grant?.maxFiles ?? null,
    maxTotalSizeBytes: grant?.maxBytes ?? null,
    maxObjectBytes: limits.maxObjectBytes,
  });
  const judged = failWithSources(decided, sources);
  const places = await takePlaces(context, call, judged);
  const placeOf = (index: number): Place => places[index] ?? LONE_PLACE;
  const known = new Set(judged.filter((_, index) => !placeOf(index).seat.isFirst));
  try {
    const limited = await applyLimits(context.limiter, { site, caller, grant, verdicts: judged, known });
    for (const [index, verdict] of limited.verdicts.entries()) failSeat(placeOf(index), verdict);
    return { ...limited, placeOf };
  } catch (error) {
    for (const place of places) failSeat(place, asProblemError(error));
    throw error;
  }
}

/** Two renditions are the same only where their sources are: what is planned for one must not lie beside another. */
async function takePlaces(
  { recentPlans, idTails }: SignerContext,
  { site, prefix, sources }: Call,
  verdicts: readonly (AcceptedFile | ProblemError)[],
): Promise<readonly Place[]> {
  const sourceOf = (file: AcceptedFile): Promise<string | undefined> | string | undefined => {
    if (hasSourceHere(file)) return tailOf(verdicts[Number(file.request.renditionOf)]);
    const source = earlierSource(sources, file);
    return source && 'key' in source ? source.id : undefined;
  };
  const tailOf = async (verdict: AcceptedFile | ProblemError | undefined): Promise<string | undefined> => {
    if (!verdict || verdict instanceof ProblemError) return undefined;
    const { name, type, request } = verdict;
    const { nonce, size, md5, altText, rendition } = request;
    const source = await sourceOf(verdict);
    if (nonce === undefined || (rendition !== undefined && source === undefined)) return undefined;
    return idTails({ site: site.key, prefix, nonce, name, size, type, md5, altText, rendition, source });
  };
  const tails = await Promise.all(verdicts.map(tailOf));
  return tails.map((idTail) =>
    idTail === undefined ? LONE_PLACE : { idTail, seat: recentPlans.take(`${site.key} ${idTail}`) },
  );
}

function failSeat({ seat }: Place, verdict: AcceptedFile | ProblemError): void {
  if (seat.isFirst && verdict instanceof ProblemError) seat.fail(verdict);
}

/** Sources first: their renditions go where they go. */
async function planInOrder(
  verdicts: readonly (AcceptedFile | ProblemError)[],
  plan: (file: AcceptedFile, index: number, here?: Outcome) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const planOne = async (verdict: AcceptedFile | ProblemError, index: number) => {
    if (verdict instanceof ProblemError) return verdict;
    return hasSourceHere(verdict) ? verdict : plan(verdict, index);
  };
  const first = await pMap(verdicts, planOne, { concurrency: CONCURRENCY });
  const sourceOf = ({ request }: AcceptedFile) => {
    const source = first[Number(request.renditionOf)];
    return source && 'request' in source ? undefined : source;
  };
  const planRest = async (outcome: Outcome | AcceptedFile, index: number) =>
    'request' in outcome ? plan(outcome, index, sourceOf(outcome)) : outcome;
  return pMap(first, planRest, { concurrency: CONCURRENCY });
}

function createPlanner(context: SignerContext, { site, limits, prefix, caller }: Call) {
  const { tickets, random, now } = context;
  const storage = context.storageOf(site);
  const starter = createMultipartStarter({ tickets, storage, limits, signal: caller.signal });
  return {
    /** @param place - `source`: of a rendition. */
    async start(
      file: AcceptedFile,
      { source, idTail }: { readonly source: Source | undefined; readonly idTail: string | undefined },
    ): Promise<Planned> {
      const moment = now();
      const { partSizeHint, md5, repeated = false } = file.request;
      const planned = source
        ? planRendition(file, { site: site.key, source })
        : planUpload(file, { site: site.key, prefix, now: moment, random, idTail });
      const plan = source && repeated ? await asStored(storage, planned, caller.signal) : planned;
      const isBegun = repeated && idTail !== undefined && !source;
      const begun = isBegun ? { keyStarts: recentKeyStarts({ prefix, now: moment }), idTail } : undefined;
      if (plan.size > limits.thresholdBytes) return starter.start(plan, { partSizeHint, begun });
      return { plan, upload: await startPut(context, { storage, plan, md5 }) };
    },
    abandon: (ids: readonly string[]) => starter.abandon(ids),
  };
}

/** A rendition that was made again has other bytes than the first, whose key cannot be written twice: the first stays. */
async function asStored(storage: Storage, plan: TicketContent, signal: AbortSignal): Promise<TicketContent> {
  const object = await storage.headObject(plan.key, signal);
  return object?.type === plan.type ? { ...plan, size: object.size } : plan;
}

async function startPut(
  { tickets }: SignerContext,
  {
    storage,
    plan,
    md5,
  }: { readonly storage: Storage; readonly plan: TicketContent; readonly md5: string | undefined },
): Promise<PutUpload> {
  const [request, ticket] = await Promise.all([storage.presignPut(putTarget(plan, md5)), tickets.seal(plan)]);
  return { id: plan.id, ticket, strategy: 'put', request };
}

/** A plan that this call has made and nobody else has got. */
function withdraw(
  file: AcceptedFile | ProblemError,
  outcome: Outcome | undefined,
  { seat }: Place,
): readonly { readonly id: string; readonly file: AcceptedFile }[] {
  if (file instanceof ProblemError || !outcome || outcome instanceof ProblemError) return [];
  return seat.isFirst && seat.withdraw() ? [{ id: outcome.plan.id, file }] : [];
}

function fail(caller: Caller, error: ProblemError): Failed {
  caller.note(error);
  return { error: toItemError(error) };
}
