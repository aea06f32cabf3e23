// Recognises a chosen file as one that an earlier visit left unfinished, by its content, and finds out what is still to be sent.
import { digestPart } from '../resume/part-digest.js';
import type { ResumeRecord } from '../resume/resume-record.js';
import { hasCode } from '../upload-error.js';
import type { UploadPlan } from '../upload-plan.js';
import { type Content, continueUpload, type OpenUpload, withoutDoubted } from './open-upload.js';
import { dropClaim, holdClaim, isClaimedHere } from './claims.js';
import { forgetRecord, forgetUpload, giveUpUpload, isRecorded, listRecords } from './records.js';
import { orReadError } from './hash-body.js';
import type { Job } from './run.js';
import { partBody } from './send-part.js';

export interface Recalled {
  readonly content: Content;
  readonly open: OpenUpload;
  /** Parts of which nothing is known but their size. */
  readonly doubted?: ReadonlySet<number>;
}

/** @returns Undefined when the file is new, or what was begun cannot be gone on with. */
export async function recall(job: Job, isHashed: boolean): Promise<Recalled | undefined> {
  const record = await findRecord(job);
  // Another upload of this page may have been quicker.
  if (!record || isClaimedHere(record.id) || !(await holdClaim(record.id, job))) return undefined;
  // The next run may hold it by now.
  job.signal.throwIfAborted();
  const plan = planOf(record);
  job.remember({ giveUp: () => giveUpUpload(job, plan) });
  const recalled = await compareWith(job, record, isHashed);
  job.signal.throwIfAborted();
  if (!recalled) job.remember({ giveUp: undefined });
  return recalled;
}

/** @returns Undefined when what was begun is of no use to this file; it is forgotten then. */
async function compareWith(job: Job, record: ResumeRecord, isHashed: boolean): Promise<Recalled | undefined> {
  const plan = planOf(record);
  try {
    const content = await contentOf(job, record);
    const status = await job.patience.keepTrying(() => job.client.status.add(plan));
    job.signal.throwIfAborted();
    if (!content) {
      forgetUpload(job, plan);
      return undefined;
    }
    const open = continueUpload(plan, status, content.body.size);
    if (record.hasBytes) return { content, open };
    const doubted = await compareParts(job, { open, body: content.body, isWhole: isHashed });
    // What is put together already takes no parts any more.
    if (doubted && status.state === 'stored') return { content, open };
    if (doubted) return { content, open: withoutDoubted(open, doubted, content.body.size), doubted };
    job.signal.throwIfAborted();
    // Same name, size and samples, but another part: what is there belongs to another content.
    forgetUpload(job, plan);
    return undefined;
  } catch (error) {
    dropClaim(record.id, job);
    job.signal.throwIfAborted();
    if (!hasCode(error, 'upload-gone', 'ticket-expired', 'ticket-invalid')) throw error;
    forgetRecord(job, record.id);
    return undefined;
  }
}

export function planOf({ id, ticket, plan }: ResumeRecord): UploadPlan {
  return { id, ticket, ...plan };
}

/** By size and name first, which costs nothing, then by content. */
async function findRecord(job: Job): Promise<ResumeRecord | undefined> {
  const { file } = job.picked;
  for (const record of await listRecords(job)) {
    const { id, source } = record;
    const isAlike = source.name === file.name && source.size === file.size;
    if (!isAlike || job.isTaken(id) || isClaimedHere(id)) continue;
    if (await orReadError(isRecorded(record, file, job), job.signal)) return record;
  }
  return undefined;
}

/** The bytes that were agreed: those that were kept, or the file's own. */
async function contentOf({ store, picked }: Job, record: ResumeRecord): Promise<Content | undefined> {
  const body = record.hasBytes ? await store?.bytesOf(record.id) : picked.file;
  return body?.size === record.prepared.size ? { body, facts: record.prepared } : undefined;
}

/**
 * Compares what storage holds with the file, by the digests of what was sent.
 * @returns The parts that nothing is known of; undefined when a part differs.
 */
async function compareParts(
  job: Job,
  { open, body, isWhole }: { readonly open: OpenUpload; readonly body: Blob; readonly isWhole: boolean },
): Promise<ReadonlySet<number> | undefined> {
  const { plan } = open;
  const doubted = new Set<number>();
  // A put is there or not.
  if (plan.strategy === 'put') return doubted;
  const digests = (await job.store?.digestsOf(plan.id)) ?? new Map<number, string>();
  for (let partNumber = 1; partNumber <= plan.partCount; partNumber += 1) {
    if (open.missing.includes(partNumber)) continue;
    const known = digests.get(partNumber);
    const part = partBody({ plan, body }, partNumber);
    const { hasher, signal } = job;
    if (known === undefined) doubted.add(partNumber);
    else if ((await orReadError(digestPart(part, { isWhole, hasher, signal }), signal)) !== known)
      return undefined;
  }
  return doubted;
}
