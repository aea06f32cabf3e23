// Who works on an upload: one list of one tab. Its lock is shared by the runs of that list, and ends with the last of them.
import { claimUpload, type Release } from '../resume/claim.js';
import type { SiteAccess } from '../site-access.js';
import type { Job } from './run.js';

/** The lock of one upload, with the runs of this page that work under it. */
interface Claim {
  readonly site: SiteAccess;
  readonly holders: Set<object>;
  /** What ends it, once it is granted. */
  readonly lock: Promise<Release | undefined>;
}

/** Whoever works on an upload: a run, or what has restored it and waits for its run. */
export interface Holder {
  readonly site: SiteAccess;
}

const claims = new Map<string, Claim>();
/** Claims that are granted. */
const granted = new WeakSet<Claim>();
/** Locks on their way back to the browser. */
const leaving = new Map<string, Promise<void>>();
/** Runs that are over: what they began in the background claims nothing any more. */
const ended = new WeakSet<Holder>();
/** Holds what a site's list has restored, until its run ends. */
const restorers = new WeakMap<SiteAccess, Holder>();

/** Only one list of one tab works on an upload. @returns False when another one does. */
export async function holdClaim(id: string, holder: Holder): Promise<boolean> {
  if (ended.has(holder)) return false;
  const claim = claims.get(id) ?? { site: holder.site, holders: new Set(), lock: askForLock(id) };
  if (claim.site !== holder.site) return false;
  claims.set(id, claim);
  claim.holders.add(holder);
  const isGranted = (await claim.lock) !== undefined;
  if (isGranted) granted.add(claim);
  else if (claims.get(id) === claim) claims.delete(id);
  return isGranted;
}

/** The lock ends with its last holder: a run that was stopped may end later than the next one begins. */
export function dropClaim(id: string, holder: Holder): void {
  const claim = claims.get(id);
  if (!claim?.holders.delete(holder) || claim.holders.size > 0) return;
  claims.delete(id);
  const release = claim.lock.then((end) => end?.());
  leaving.set(id, release);
  void release.finally(() => {
    if (leaving.get(id) === release) leaving.delete(id);
  });
}

/** What this page has just let go of is not free at once. */
async function askForLock(id: string): Promise<Release | undefined> {
  const letGo = leaving.get(id);
  if (letGo) await letGo;
  return claimUpload(id);
}

/**
 * Does what only whoever works on an upload may do; at once where a run of this list has the claim. Where another
 * list or tab has taken the upload over, nothing is done.
 */
export async function withClaim(id: string, site: SiteAccess, act: () => void): Promise<void> {
  const claim = claims.get(id);
  if (claim?.site === site && granted.has(claim)) return act();
  const holder = { site };
  if (!(await holdClaim(id, holder))) return;
  act();
  dropClaim(id, holder);
}

/**
 * A run is over: another tab may go on with a stopped upload, as may the next run of this list, and a page that holds
 * no lock is kept for going back to.
 */
export function endClaims(job: Job): void {
  ended.add(job);
  // Also those of an upload that it was only about to recognise.
  for (const [id, { holders }] of claims) if (holders.has(job)) dropClaim(id, job);
  const { plan } = job.memory();
  if (plan) dropClaim(plan.id, restorerOf(job.site));
}

export function restorerOf(site: SiteAccess): Holder {
  const known = restorers.get(site) ?? { site };
  restorers.set(site, known);
  return known;
}

/** Whether this page is working on an upload. */
export function isClaimedHere(id: string): boolean {
  return claims.has(id);
}
