// Keeps the record of each upload for the next visit: saved when it is planned, its parts as they arrive, deleted when it is done.
import { fingerprint } from '../resume/fingerprint.js';
import { digestPart } from '../resume/part-digest.js';
import type { ResumeRecord } from '../resume/resume-record.js';
import type { ResumeStore } from '../resume/resume-store.js';
import type { SiteAccess } from '../site-access.js';
import { TaskQueue } from '../task-queue.js';
import type { UploadPlan } from '../upload-plan.js';
import type { Content } from './open-upload.js';
import { dropClaim, holdClaim, withClaim } from './claims.js';
import type { Job } from './run.js';

/** Records on their way to the store. */
const saves = new Map<string, Promise<void>>();
/** Small uploads so young that no other list or tab can have taken them over. */
const young = new Set<string>();

interface Notes {
  /** Ids whose records may be in the store. */
  readonly kept: Set<string>;
  /** Those whose are there no more, whatever was listed a moment ago. */
  readonly forgotten: Set<string>;
}

const notes = new WeakMap<ResumeStore, Notes>();
/** A file that is through so soon needs no claim: whoever sends it besides sends the same bytes to the same place. */
const SMALL_BYTES = 2 ** 20;
const SMALL_DELAY_MS = 1000;
const HANDLE_PATIENCE_MS = 1000;
/** Starts the fingerprint that is the MD5 of the whole file. */
const WHOLE = 'md5:';

/** A pause is no reason to remember less. */
function always(): AbortSignal {
  return new AbortController().signal;
}

/** Of few files at once: the first ones are known, recorded and sent while pieces of the others are read. */
const readings = new TaskQueue();
const MAX_READINGS = 3;

/** By which a file is known again. */
export type Print = Promise<string | undefined>;

export interface KnownContent extends Content {
  /** Worked out when the record is saved, unless it was begun before. */
  readonly print?: Print | undefined;
}

/** Begins to save the record of an upload; once is enough. */
export function keepRecord(job: Job, plan: UploadPlan, content: KnownContent): void {
  if (!job.store || saves.has(plan.id)) return;
  const { kept, forgotten } = notesOf(job.store);
  if (kept.has(plan.id) || forgotten.has(plan.id)) return;
  // Nobody else can know of a new upload, so the claim is not waited for.
  void claimSoon(job, plan, content);
  const save = saveRecord(job, plan, content).catch(() => undefined);
  saves.set(plan.id, save);
  void save.finally(() => {
    if (saves.get(plan.id) === save) saves.delete(plan.id);
  });
}

/** Of an upload that is gone on with, though it was given up as hopeless, or stopped in the moment of planning. */
export function keepRecordAgain(job: Job, plan: UploadPlan, content: Content): void {
  if (job.store) notesOf(job.store).forgotten.delete(plan.id);
  keepRecord(job, plan, content);
}

/**
 * Until the record that is being saved is written, or given up by its store. No byte leaves before: were the page to
 * go away between storage having the file and the record being written, the file would be stored twice.
 */
export async function recordWritten({ signal }: Job, { id }: UploadPlan): Promise<void> {
  await saves.get(id);
  signal.throwIfAborted();
}

/** A run that is over claims nothing. */
async function claimSoon(job: Job, { id, strategy }: UploadPlan, { body }: Content): Promise<void> {
  const { signal, sleep, store } = job;
  if (strategy === 'put' && body.size <= SMALL_BYTES) {
    young.add(id);
    await sleep(SMALL_DELAY_MS, signal).catch(() => undefined);
    young.delete(id);
  }
  if (signal.aborted || !store || notesOf(store).forgotten.has(id)) return;
  await holdClaim(id, job);
}

async function saveRecord(job: Job, plan: UploadPlan, content: KnownContent): Promise<void> {
  const { picked, store } = job;
  const [fingerprint, handle] = await Promise.all([content.print ?? printOf(job, content), handleOf(job)]);
  if (!store || fingerprint === undefined || !saves.has(plan.id)) return;
  const hasBytes = content.body !== picked.file;
  noteKept(store, plan.id);
  const { facts } = content;
  const record = recordOf(job, plan, { facts, fingerprint, hasBytes, ...(handle ? { handle } : {}) });
  await store.save(record, hasBytes ? content.body : undefined);
}

/** What was learned of a body before. */
export interface ReadBody {
  /** Where it is hashed whole. */
  readonly md5?: string | undefined;
  readonly bytes?: ArrayBuffer | undefined;
}

/** What tells a file that was chosen again from another one. Never rejects: a file that cannot be read is not remembered. */
export async function printOf(job: Job, { body }: Content, { md5, bytes }: ReadBody = {}): Print {
  const { picked, rank, hasher, store, memory } = job;
  if (!store) return undefined;
  const isSource = body === picked.file;
  const whole = md5 ?? memory().digests?.get(1);
  if (isSource && whole !== undefined) return WHOLE + whole;
  const made =
    isSource && bytes
      ? fingerprint(bytes, hasher, always())
      : readings.run(
          { limit: MAX_READINGS, rank },
          () => fingerprint(picked.file, hasher, always()),
          always(),
        );
  return made.catch(() => undefined);
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
  if (!store || !notesOf(store).kept.has(plan.id) || young.has(plan.id)) forgetUpload(job, plan);
  else void withClaim(plan.id, site, () => forgetUpload(job, plan));
}

/** It is of no more use: the signer and this browser forget it. */
export function forgetUpload(job: Job, plan: UploadPlan): void {
  forgetRecord(job, plan.id);
  void job.client.abort(plan);
}
