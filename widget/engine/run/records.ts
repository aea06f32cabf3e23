// Keeps the record of each upload for the next visit: saved when it is planned, its parts as they arrive, deleted when it is done.
import { claimUpload } from '../resume/claim.js';
import { fingerprint } from '../resume/fingerprint.js';
import { digestPart } from '../resume/part-digest.js';
import type { ResumeRecord } from '../resume/resume-record.js';
import type { UploadPlan } from '../upload-plan.js';
import type { Content } from './open-upload.js';
import type { Job } from './run.js';

/** What ends each claim of this page. */
const claims = new Map<string, () => void>();

/** Only one tab works on an upload. @returns False when another one does. */
export async function holdClaim(id: string): Promise<boolean> {
  if (claims.has(id)) return true;
  const release = await claimUpload(id);
  if (release) claims.set(id, release);
  return release !== undefined;
}

export function dropClaim(id: string): void {
  claims.get(id)?.();
  claims.delete(id);
}

/** In the background: sending waits for no record. */
export function keepRecord(job: Job, plan: UploadPlan, content: Content): void {
  if (!job.store) return;
  // Nobody else can know of a new upload, so the claim is not waited for.
  void holdClaim(plan.id);
  void save(job, plan, content).catch(() => undefined);
}

async function save(job: Job, plan: UploadPlan, { body, facts }: Content): Promise<void> {
  const { picked, site, store, signal } = job;
  const { file, relativePath, handle } = picked;
  const hasBytes = body !== file;
  const record: ResumeRecord = {
    id: plan.id,
    signer: site.signer,
    siteKey: site.siteKey,
    ticket: plan.ticket,
    plan: plan.strategy === 'put' ? { strategy: 'put' } : pickParts(plan),
    source: {
      name: file.name,
      size: file.size,
      type: file.type,
      lastModified: file.lastModified,
      ...(relativePath === undefined ? {} : { relativePath }),
    },
    fingerprint: await fingerprint(file, job.hasher, signal),
    prepared: facts,
    hasBytes,
    ...(handle ? { handle } : {}),
  };
  await store?.save(record, hasBytes ? body : undefined);
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
  const { hasher, signal } = job;
  const digest = md5 ?? (await digestPart(body, { isWhole: false, hasher, signal }));
  await job.store.saveDigest(plan.id, partNumber, digest);
}

/** The upload is done, or of no more use. */
export function forgetRecord({ store }: Job, id: string): void {
  void store?.delete([id]);
  dropClaim(id);
}

/** The user does not want it: the signer and this browser forget it. */
export function forgetUpload(job: Job, plan: UploadPlan): void {
  forgetRecord(job, plan.id);
  void job.client.abort(plan);
}
