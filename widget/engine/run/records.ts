// Keeps the record of each upload for the next visit: saved when it is planned, its parts as they arrive, deleted when it is done.
import { fingerprint } from '../resume/fingerprint.js';
import { digestPart } from '../resume/part-digest.js';
import type { ResumeRecord } from '../resume/resume-record.js';
import type { ResumeStore } from '../resume/resume-store.js';
import type { SiteAccess } from '../site-access.js';
import type { UploadPlan } from '../upload-plan.js';
import type { Content } from './open-upload.js';
import { dropClaim, holdClaim, withClaim } from './claims.js';
import type { Job } from './run.js';

/** Records on their way to the store. */
const saves = new Map<string, Promise<void>>();

interface Notes {
  /** Ids whose records may be in the store. */
  readonly kept: Set<string>;
  /** Those whose are there no more, whatever was listed a moment ago. */
  readonly forgotten: Set<string>;
}

const notes = new WeakMap<ResumeStore, Notes>();
/** A file that is through so soon leaves no record. */
const SMALL_BYTES = 2 ** 20;
const SMALL_DELAY_MS = 1000;
const HANDLE_PATIENCE_MS = 1000;
const RECORD_PATIENCE_MS = 1000;
/** Starts the fingerprint that is the MD5 of the whole file. */
const WHOLE = 'md5:';

/** A pause is no reason to remember less. */
function always(): AbortSignal {
  return new AbortController().signal;
}

/** In the background: sending waits for no record. Once is enough. */
export function keepRecord(job: Job, plan: UploadPlan, content: Content): void {
  if (!job.store || saves.has(plan.id)) return;
  const { kept, forgotten } = notesOf(job.store);
  if (kept.has(plan.id) || forgotten.has(plan.id)) return;
  const isSmall = isSoonSent(plan, content);
  // A pause may be the page's end: then it is now or never.
  const delay = isSmall ? job.sleep(SMALL_DELAY_MS, job.signal).catch(() => undefined) : Promise.resolve();
  const save = delay.then(() => saveRecord(job, plan, content)).catch(() => undefined);
  saves.set(plan.id, save);
  void save.finally(() => {
    if (saves.get(plan.id) === save) saves.delete(plan.id);
  });
}

/**
 * Waits a moment for the record of a file that takes longer: were the page to go away between storage having the file
 * and the record being written, the file would be stored twice.
 */
export async function recordWritten(job: Job, plan: UploadPlan, content: Content): Promise<void> {
  const save = saves.get(plan.id);
  if (!save || isSoonSent(plan, content)) return;
  const written = new AbortController();
  const late = job.sleep(RECORD_PATIENCE_MS, AbortSignal.any([job.signal, written.signal]));
  await Promise.race([save, late]).catch(() => undefined);
  written.abort();
  job.signal.throwIfAborted();
}

async function saveRecord(job: Job, plan: UploadPlan, content: Content): Promise<void> {
  const { signal, picked, store } = job;
  if (!saves.has(plan.id)) return;
  // Nobody else can know of a new upload, so the claim is not waited for.
  if (!signal.aborted) void holdClaim(plan.id, job);
  const print = await printOf(job, plan, content);
  if (print === undefined || !saves.has(plan.id)) return;
  const hasBytes = content.body !== picked.file;
  if (store) noteKept(store, plan.id);
  const handle = await handleOf(job);
  const record = recordOf(job, plan, {
    facts: content.facts,
    fingerprint: print,
    hasBytes,
    ...(handle ? { handle } : {}),
  });
  await store?.save(record, hasBytes ? content.body : undefined);
}

/** What goes whole in one PUT was hashed whole; where it was not, a small file is as soon sent again as compared. */
function printOf(job: Job, plan: UploadPlan, content: Content): Promise<string | undefined> {
  const { picked, hasher, memory } = job;
  if (content.body !== picked.file || plan.strategy !== 'put')
    return fingerprint(picked.file, hasher, always());
  const md5 = memory().digests?.get(1);
  if (md5 !== undefined) return Promise.resolve(WHOLE + md5);
  return isSoonSent(plan, content) ? Promise.resolve(undefined) : fingerprint(picked.file, hasher, always());
}

function isSoonSent({ strategy }: UploadPlan, { body }: Content): boolean {
  return strategy === 'put' && body.size <= SMALL_BYTES;
}

/** Whether a file is the one of a record. */
export async function isRecorded(
  record: ResumeRecord,
  file: File,
  { hasher, signal }: Pick<Job, 'hasher' | 'signal'>,
): Promise<boolean> {
  if (file.size !== record.source.size) return false;
  const isWhole = record.fingerprint.startsWith(WHOLE);
  // Of one PUT there are no parts that could be compared again, and samples do not find every change.
  const isSampled = !isWhole && record.plan.strategy === 'put' && !record.hasBytes;
  if (isSampled && file.lastModified !== record.source.lastModified) return false;
  const print = isWhole ? WHOLE + (await hasher.md5(file, signal)) : await fingerprint(file, hasher, signal);
  return print === record.fingerprint;
}

/** Some drops are promised a handle that never comes. */
async function handleOf({ picked, sleep }: Job): Promise<FileSystemFileHandle | undefined> {
  if (!picked.handle) return undefined;
  const late = sleep(HANDLE_PATIENCE_MS, always()).then(() => null);
  const handle = await Promise.race([picked.handle, late]).catch(() => null);
  return isFileHandle(handle) ? handle : undefined;
}

function isFileHandle(handle: FileSystemHandle | null): handle is FileSystemFileHandle {
  return handle?.kind === 'file';
}

function recordOf(
  { picked, site }: Job,
  plan: UploadPlan,
  { facts, ...rest }: Pick<Content, 'facts'> & Pick<ResumeRecord, 'fingerprint' | 'hasBytes' | 'handle'>,
): ResumeRecord {
  const { file, relativePath } = picked;
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
  const digest = md5 ?? (await digestPart(body, { isWhole: false, hasher, signal: always() }));
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
export async function listRecords({ store, site, now }: Job): Promise<readonly ResumeRecord[]> {
  if (!store) return [];
  const atMs = now();
  const isYoung = listing?.store === store && listing.site === site && atMs - listing.atMs < LISTING_MS;
  if (!isYoung || !listing) listing = { store, site, atMs, records: store.list(site) };
  const records = await listing.records;
  const { kept, forgotten } = notesOf(store);
  for (const { id } of records) kept.add(id);
  return records.filter(({ id }) => !forgotten.has(id));
}

/** The upload is done, or of no more use. A record that is just being saved goes, too. */
export function forgetRecord(job: Pick<Job, 'store' | 'site'>, id: string): void {
  const { store } = job;
  const save = saves.get(id);
  saves.delete(id);
  dropClaim(id, job);
  if (!store) return;
  const { kept, forgotten } = notesOf(store);
  forgotten.add(id);
  if (save || kept.delete(id)) void Promise.resolve(save).then(() => store.delete([id]));
}

/** The store has a record of this upload. */
export function noteKept(store: ResumeStore, id: string): void {
  notesOf(store).kept.add(id);
}

function notesOf(store: ResumeStore): Notes {
  const known = notes.get(store) ?? { kept: new Set(), forgotten: new Set() };
  notes.set(store, known);
  return known;
}

/** The user does not want it. Another list or tab that has taken it over meanwhile keeps it. */
export function giveUpUpload(job: Job, plan: UploadPlan): void {
  const { store, site } = job;
  // Of what is not in the store nobody else knows.
  if (!store || !notesOf(store).kept.has(plan.id)) forgetUpload(job, plan);
  else void withClaim(plan.id, site, () => forgetUpload(job, plan));
}

/** It is of no more use: the signer and this browser forget it. */
export function forgetUpload(job: Job, plan: UploadPlan): void {
  forgetRecord(job, plan.id);
  void job.client.abort(plan);
}
