// POST /v1/uploads: judge, count, plan, sign. The tickets carry all there is to know.
import pMap from 'p-map';
import type { Caller, SignerContext } from '../context.js';
import { decide, type AcceptedFile } from '../decide.js';
import { findSite } from '../find-site.js';
import { openGrant, type Grant } from '../grant.js';
import { applyLimits, type Limited } from '../limits/apply-limits.js';
import { planUpload, putTarget } from '../plan-upload.js';
import { asProblemError, ProblemError, toItemError } from '../problem.js';
import type { CreateUploadsRequest, CreateUploadsResponse, Failed, PutUpload } from '../protocol.js';
import type { Site } from '../sites/site.js';
import type { Storage } from '../storage/storage.js';
import type { TicketContent } from '../ticket.js';
import { uploadLimits, type UploadLimits } from '../upload-limits.js';
import { createMultipartStarter } from './start-multipart.js';

type Item = CreateUploadsResponse['uploads'][number];

/** Files of one call that are planned at once: an upload in parts asks storage for its id. */
const CONCURRENCY = 16;

interface Call {
  readonly site: Site;
  readonly grant: Grant | undefined;
  readonly limits: UploadLimits;
  readonly caller: Caller;
}

/** @throws {ProblemError} When the whole call fails; then nothing was counted. */
export async function createUploads(
  context: SignerContext,
  request: CreateUploadsRequest,
  caller: Caller,
): Promise<readonly Item[]> {
  const site = findSite(context, request.siteKey, caller);
  const grant = await openGrant(site, request.grant, context.now());
  const call = { site, grant, limits: uploadLimits(site), caller };
  const { verdicts, refund } = await judge(context, call, request.files);
  const planner = createPlanner(context, call);
  const answer = async (verdict: AcceptedFile | ProblemError): Promise<Item> => {
    if (verdict instanceof ProblemError) return fail(caller, verdict);
    try {
      return await planner.start(verdict);
    } catch (error) {
      await refund([verdict]);
      // One that fails unforeseen must not take the others along: storage has begun them, and nobody would hold their tickets.
      return fail(caller, asProblemError(error));
    }
  };
  const items = await pMap(verdicts, answer, { concurrency: CONCURRENCY });
  if (caller.signal.aborted) {
    // Nobody holds the tickets of a caller who went away.
    await planner.abandonAll();
    await refund(verdicts.filter((verdict, index) => isPlanned(verdict, items[index])));
  }
  return items;
}

function judge(
  { limiter }: SignerContext,
  { site, grant, limits, caller }: Call,
  files: CreateUploadsRequest['files'],
): Promise<Limited> {
  const verdicts = decide(site, files, {
    accept: grant?.accept ?? null,
    maxFiles: grant?.maxFiles ?? null,
    maxTotalSizeBytes: grant?.maxBytes ?? null,
    maxObjectBytes: limits.maxObjectBytes,
  });
  return applyLimits(limiter, { site, caller, grant, verdicts });
}

function createPlanner(context: SignerContext, { site, grant, limits, caller }: Call) {
  const { tickets, random, now } = context;
  const storage = context.storageOf(site);
  const starter = createMultipartStarter({ tickets, storage, limits, signal: caller.signal });
  const prefix = site.prefix + (grant?.prefix ?? '');
  return {
    start(file: AcceptedFile): Promise<Item> {
      const plan = planUpload(file, { site: site.key, prefix, now: now(), random });
      return plan.size > limits.thresholdBytes
        ? starter.start(plan, file.request.partSizeHint)
        : startPut(context, { storage, plan, md5: file.request.md5 });
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

function isPlanned(verdict: AcceptedFile | ProblemError, item: Item | undefined): verdict is AcceptedFile {
  return !(verdict instanceof ProblemError) && item !== undefined && 'ticket' in item;
}

function fail(caller: Caller, error: ProblemError): Failed {
  caller.note(error);
  return { error: toItemError(error) };
}
