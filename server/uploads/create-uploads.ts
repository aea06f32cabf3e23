// POST /v1/uploads: judge, count, plan, sign. The tickets carry all there is to know.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { decide, type AcceptedFile } from '../decide.js';
import { findSite } from '../find-site.js';
import { openGrant, type Grant } from '../grant.js';
import { applyLimits, type Limited } from '../limits/apply-limits.js';
import { planRendition, planUpload, putTarget, type Source } from '../plan-upload.js';
import { asProblemError, ProblemError, toItemError } from '../problem.js';
import type {
  CreateUploadsRequest,
  CreateUploadsResponse,
  Failed,
  MultipartUpload,
  PutUpload,
} from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { TicketContent } from '../ticket.js';
import { uploadLimits, type UploadLimits } from '../upload-limits.js';
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

interface Planned {
  readonly plan: TicketContent;
  readonly upload: PutUpload | MultipartUpload;
}

type Outcome = Planned | ProblemError;

/** Files of one call that are planned at once: an upload in parts asks storage for its id. */
const CONCURRENCY = 16;

interface Call {
  readonly site: Site;
  readonly grant: Grant | undefined;
  readonly limits: UploadLimits;
  readonly caller: Caller;
  readonly sources: EarlierSources;
}

/** @throws {ProblemError} When the whole call fails; then nothing was counted. */
export async function createUploads(
  context: SignerContext,
  request: CreateUploadsRequest,
  caller: Caller,
): Promise<readonly Item[]> {
  const site = findSite(context, request.siteKey, caller);
  const grant = await openGrant(site, request.grant, context.now());
  const sources = await openSources(context, site, request.files);
  const call = { site, grant, limits: uploadLimits(site), caller, sources };
  const { verdicts, refund } = await judge(context, call, request.files);
  const planner = createPlanner(context, call);
  const plan = async (file: AcceptedFile, index: number, here?: Outcome): Promise<Outcome> => {
    const source = (here && 'plan' in here ? here.plan : here) ?? earlierSource(sources, file);
    try {
      if (source instanceof ProblemError) throw sourceFailed(source, index);
      return await planner.start(file, source);
    } catch (error) {
      await refund([file]);
      // One that fails unforeseen must not take the others along: storage has begun them, and nobody would hold their tickets.
      return asProblemError(error);
    }
  };
  const outcomes = await planInOrder(verdicts, plan);
  if (caller.signal.aborted) {
    // Nobody holds the tickets of a caller who went away.
    await planner.abandonAll();
    await refund(verdicts.filter((verdict, index) => isPlanned(verdict, outcomes[index])));
  }
  return outcomes.map((outcome) =>
    outcome instanceof ProblemError ? fail(caller, outcome) : outcome.upload,
  );
}

async function judge(
  { limiter }: SignerContext,
  { site, grant, limits, caller, sources }: Call,
  files: CreateUploadsRequest['files'],
): Promise<Limited> {
  const decided = decide(site, files, {
    accept: grant?.accept ?? null,
    maxFiles: grant?.maxFiles ?? null,
    maxTotalSizeBytes: grant?.maxBytes ?? null,
    maxObjectBytes: limits.maxObjectBytes,
  });
  return applyLimits(limiter, { site, caller, grant, verdicts: failWithSources(decided, sources) });
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

function createPlanner(context: SignerContext, { site, grant, limits, caller }: Call) {
  const { tickets, random, now } = context;
  const storage = context.storageOf(site);
  const starter = createMultipartStarter({ tickets, storage, limits, signal: caller.signal });
  const prefix = site.prefix + (grant?.prefix ?? '');
  return {
    /** @param source - Of a rendition. */
    async start(file: AcceptedFile, source: Source | undefined): Promise<Planned> {
      const plan = source
        ? planRendition(file, { site: site.key, source })
        : planUpload(file, { site: site.key, prefix, now: now(), random });
      const { partSizeHint, md5 } = file.request;
      const upload =
        plan.size > limits.thresholdBytes
          ? await starter.start(plan, partSizeHint)
          : await startPut(context, { storage, plan, md5 });
      return { plan, upload };
    },
    abandonAll: () => starter.abandonAll(),
  };
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

function isPlanned(
  verdict: AcceptedFile | ProblemError,
  outcome: Outcome | undefined,
): verdict is AcceptedFile {
  return !(verdict instanceof ProblemError) && outcome !== undefined && 'upload' in outcome;
}

function fail(caller: Caller, error: ProblemError): Failed {
  caller.note(error);
  return { error: toItemError(error) };
}
