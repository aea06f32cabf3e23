// POST /v1/uploads: judge, count, plan, sign. Nothing is written anywhere; the tickets carry all there is to know.
import type { Caller, SignerContext } from '../context.js';
import { decide, type AcceptedFile } from '../decide.js';
import { findSite } from '../find-site.js';
import { openGrant, type Grant } from '../grant.js';
import { applyLimits } from '../limits/apply-limits.js';
import { planUpload, putTarget } from '../plan-upload.js';
import { ProblemError, toItemError } from '../problem.js';
import type { CreateUploadsRequest, CreateUploadsResponse } from '../protocol.js';
import type { Site } from '../sites/site.js';
import { maxPutBytes } from '../storage/providers.js';

type Item = CreateUploadsResponse['uploads'][number];

/** @throws {ProblemError} When the whole call fails; then nothing was counted. */
export async function createUploads(
  context: SignerContext,
  request: CreateUploadsRequest,
  caller: Caller,
): Promise<readonly Item[]> {
  const site = findSite(context, request.siteKey, caller);
  const grant = await openGrant(site, request.grant, context.now());
  const verdicts = decide(site, request.files, {
    accept: grant?.accept ?? null,
    maxFiles: grant?.maxFiles ?? null,
    maxTotalSizeBytes: grant?.maxBytes ?? null,
    maxPutBytes: maxPutBytes(site.storage),
  });
  const limited = await applyLimits(context.limiter, { site, caller, grant, verdicts });
  for (const verdict of limited) if (verdict instanceof ProblemError) caller.note(verdict);
  return Promise.all(limited.map((verdict) => sign(context, site, { verdict, grant })));
}

async function sign(
  context: SignerContext,
  site: Site,
  { verdict, grant }: { readonly verdict: AcceptedFile | ProblemError; readonly grant: Grant | undefined },
): Promise<Item> {
  if (verdict instanceof ProblemError) return { error: toItemError(verdict) };
  const { random, storageOf, tickets } = context;
  const prefix = site.prefix + (grant?.prefix ?? '');
  const plan = planUpload(verdict, { site: site.key, prefix, now: context.now(), random });
  const [request, ticket] = await Promise.all([
    storageOf(site).presignPut(putTarget(plan, verdict.request.md5)),
    tickets.seal(plan),
  ]);
  return { id: plan.id, ticket, strategy: 'put', request };
}
