// Keeps the record of each upload for the next visit: saved when it is planned, its parts as they arrive, deleted when it is done.
import { claimUpload } from '../resume/claim.js';
import { fingerprint } from '../resume/fingerprint.js';
import { digestPart } from '../resume/part-digest.js';
import type { ResumeRecord } from '../resume/resume-record.js';
import type { ResumeStore } from '../resume/resume-store.js';
import type { SiteAccess } from '../site-access.js';
import type { UploadPlan } from '../upload-plan.js';
import type { Content } from './open-upload.js';
import type { Job } from './run.js';

/** What ends each claim of this page, once it is granted. */
const claims = new Map<string, Promise<(() => void) | undefined>>();
/** Records on their way to the store. */
const saves = new Map<string, Promise<void>>();
/** A file that is through so soon leaves no record. */
const SMALL_BYTES = 2 ** 20;
const SMALL_DELAY_MS = 1000;
/** A pause is no reason to remember less. */
const ALWAYS = new AbortController().signal;

/** Only one tab works on an upload. @returns False when another one does. */
export async function holdClaim(id: string): Promise<boolean> {
  const claim = claims.get(id) ?? claimUpload(id);
  claims.set(id, claim);
  const isGranted = (await claim) !== undefined;
  if (!isGranted) claims.delete(id);
  return isGranted;
}

export function dropClaim(id: string): void {
  void claims.get(id)?.then((release) => release?.());
  claims.delete(id);
}

/** Whether this page is working on an upload. */
export function isClaimedHere(id: string): boolean {
  return claims.has(id);
}

/** In the background: sending waits for no record. */
export function keepRecord(job: Job, plan: UploadPlan, content: Content): void {
  if (!job.store) return;
  // Nobody else can know of a new upload, so the claim is not waited for.
  void holdClaim(plan.id);
  const save = saveRecord(job, plan, content).catch(() => undefined);
  saves.set(plan.id, save);
  void save.finally(() => saves.delete(plan.id));
}

async function saveRecord(job: Job, plan: UploadPlan, content: Content): Promise<void> {
  const { sleep, picked, hasher, store } = job;
  if (content.body.size <= SMALL_BYTES) await sleep(SMALL_DELAY_MS, ALWAYS);
  const print = await fingerprint(picked.file, hasher, ALWAYS);
  if (!saves.has(plan.id)) return;
  const hasBytes = content.body !== picked.file;
  const record = recordOf(job, plan, { facts: content.facts, fingerprint: print, hasBytes });
  await store?.save(record, hasBytes ? content.body : undefined);
}

function recordOf(
  { picked, site }: Job,
  plan: UploadPlan,
  { facts, ...rest }: Pick<Content, 'facts'> & Pick<ResumeRecord, 'fingerprint' | 'hasBytes'>,
): ResumeRecord {
  const { file, relativePath, handle } = picked;
  const { name, size, type, lastModified } = file;
  return {
    ...rest,
    id: plan.id,
    signer: site.signer,
    siteKey: site.siteKey,
    ticket: plan.ticket,
    plan: plan.strategy === 'put' ? { strategy: 'put' } : pickParts(plan),
    source: { name, size, type, lastModified, ...(relativePath === undefined ? {} : { relativePath }) },
    prepared: facts,
    ...(handle ? { handle } : {}),
  };
}

function pickParts({ strategy, partSize, partCount }: UploadPlan & { readonly strategy: 'multipart' }) {
  return { strategy, partSize, partCount };
}

/** Storage has a part: remembers its digest, by which a later visit knows it again. */
export async function notePart(
  job: Job,
  plan: UploadPlan,
  {
    partNumber,
    body,
    md5,
  }: { readonly partNumber: number; readonly body: Blob; readonly md5: string | undefined },
): Promise<void> {
  if (!job.store || plan.strategy === 'put') return;
  const { hasher } = job;
  const digest = md5 ?? (await digestPart(body, { isWhole: false, hasher, signal: ALWAYS }));
  await job.store.saveDigest(plan.id, partNumber, digest);
}

interface Listing {
  readonly store: ResumeStore;
  readonly site: SiteAccess;
  readonly atMs: number;
  readonly records: Promise<readonly ResumeRecord[]>;
}

/** What was listed last: hundreds of files of one moment need no listing each. */
let listing: Listing | undefined;
const LISTING_MS = 2000;

/** The records of the job's site, oldest first. */
export function listRecords({ store, site, now }: Job): Promise<readonly ResumeRecord[]> {
  if (!store) return Promise.resolve([]);
  const atMs = now();
  const isYoung = listing?.store === store && listing.site === site && atMs - listing.atMs < LISTING_MS;
  if (!isYoung || !listing) listing = { store, site, atMs, records: store.list(site) };
  return listing.records;
}

/** The upload is done, or of no more use. A record that is just being saved goes, too. */
export function forgetRecord({ store }: Pick<Job, 'store'>, id: string): void {
  const save = saves.get(id);
  saves.delete(id);
  listing = undefined;
  void Promise.resolve(save).then(() => store?.delete([id]));
  dropClaim(id);
}

/** The user does not want it: the signer and this browser forget it. */
export function forgetUpload(job: Job, plan: UploadPlan): void {
  forgetRecord(job, plan.id);
  void job.client.abort(plan);
}
