// POST /v1/uploads: judge, count, plan, sign. Nothing is written anywhere; the tickets carry all there is to know.
import type { Caller, SignerContext } from '../context.js';
import { decide, type AcceptedFile } from '../decide.js';
import { openGrant, type Grant } from '../grant.js';
import type { Allowance } from '../limits/limiter.js';
import { allowsOrigin } from '../origin.js';
import { planUpload, putTarget } from '../plan-upload.js';
import { ProblemError, toItemError, unknownSite } from '../problem.js';
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
  const limited = await applyLimits(context, site, { verdicts, caller });
  for (const verdict of limited) if (verdict instanceof ProblemError) caller.note(verdict);
  return Promise.all(limited.map((verdict) => sign(context, site, { verdict, grant })));
}

/** Gate 2: the site is known now, so the origin must be one of its own. */
export function findSite(context: SignerContext, siteKey: string, caller: Caller): Site {
  const site = context.sites.find(siteKey);
  if (!site) throw unknownSite();
  if (caller.origin !== undefined && !allowsOrigin(site.origins, caller.origin)) {
    throw new ProblemError('origin-not-allowed', 'This site does not take uploads from this origin.');
  }
  if (!site.enabled)
    throw new ProblemError('site-disabled', 'This site does not take uploads at the moment.');
  return site;
}

interface Judged {
  readonly verdicts: readonly (AcceptedFile | ProblemError)[];
  readonly caller: Caller;
}

/** Rates are counted file by file, so that a large batch passes in pieces; the day's bytes all at once. */
async function applyLimits(
  { limiter }: SignerContext,
  site: Site,
  { verdicts, caller }: Judged,
): Promise<readonly (AcceptedFile | ProblemError)[]> {
  const rates = rateAllowances(site, caller);
  const limited: (AcceptedFile | ProblemError)[] = [];
  for (const verdict of verdicts) {
    const wait = verdict instanceof ProblemError ? undefined : await limiter.take(rates, 1);
    limited.push(wait === undefined ? verdict : rateLimited(wait));
  }
  const bytes = limited.reduce(
    (sum, file) => sum + (file instanceof ProblemError ? 0 : file.request.size),
    0,
  );
  if ((await limiter.take(quotaAllowances(site), bytes)) !== undefined) {
    throw new ProblemError('quota-exceeded', 'The files exceed what this site may store in a day.', {
      field: 'files',
    });
  }
  return limited;
}

function rateAllowances({ key, limits }: Site, { address }: Caller): readonly Allowance[] {
  const all: Allowance[] = [];
  const perIp = limits.uploadsPerMinutePerIp;
  if (perIp !== null && address !== undefined)
    all.push({ key: `ip ${key} ${address}`, points: perIp, seconds: 60 });
  if (limits.uploadsPerMinute !== null)
    all.push({ key: `site ${key}`, points: limits.uploadsPerMinute, seconds: 60 });
  return all;
}

function quotaAllowances({ key, limits }: Site): readonly Allowance[] {
  if (limits.bytesPerDay === null) return [];
  return [{ key: `bytes ${key}`, points: limits.bytesPerDay, seconds: 24 * 3600 }];
}

function rateLimited(retryAfterSeconds: number): ProblemError {
  return new ProblemError('rate-limited', 'Too many uploads were started. Wait and try again.', {
    retryAfterSeconds,
  });
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
