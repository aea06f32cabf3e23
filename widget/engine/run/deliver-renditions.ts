// The further images of a file: each an upload of its own beside the image's, planned by the image's ticket and stored under its id.
import { EXTENSION_TYPES, TYPE_EXTENSIONS } from '../../../server/rules/file-types.js';
import type { CompletedFile, SitePolicy } from '../../../server/protocol.js';
import { extensionOf } from '../../../server/rules/accept.js';
import type { PreparedRendition } from '../ports.js';
import type { StoredRendition } from '../snapshot.js';
import type { RenditionMemory, RunMemory } from '../upload.js';
import { hasCode, UploadError } from '../upload-error.js';
import type { UploadPlan } from '../upload-plan.js';
import { deliverBody } from './deliver-body.js';
import { createNonce, openUpload } from './open-upload.js';
import type { Job } from './run.js';

/** A rendition whose upload was lost is planned again this often. */
const MAX_RESTARTS = 2;

/**
 * What a run remembers of renditions before anything is planned.
 * @param isAgain - An earlier visit may have stored them: then the signer looks.
 */
export function rememberRenditions(
  renditions: readonly PreparedRendition[],
  isAgain = false,
): readonly RenditionMemory[] {
  return renditions.map(({ name, blob, ...facts }) => ({
    name,
    memory: {
      body: blob,
      prepared: { ...facts, name, size: blob.size },
      ...(isAgain ? { nonce: createNonce() } : {}),
    },
  }));
}

/** Made before an earlier visit's upload was recognised, with which they may be stored: then the signer looks. */
export function doubtRenditions(renditions: RunMemory['renditions']): RunMemory['renditions'] {
  return renditions?.map(({ name, memory }) => ({
    name,
    memory: { ...memory, nonce: memory.nonce ?? createNonce() },
  }));
}

/**
 * Stores the renditions of an image, side by side.
 * @param source - The image's plan.
 * @returns As the signer saw them in storage, in order.
 * @throws {UploadError} Of the first that cannot be stored, once the others are through; the signal's reason when aborted.
 */
export async function deliverRenditions(
  job: Job,
  policy: SitePolicy,
  source: UploadPlan,
): Promise<readonly StoredRendition[]> {
  const works = (job.memory().renditions ?? []).map((rendition) => {
    const arrived = rendition.memory.plan ? () => undefined : job.client.create.expect();
    return deliver(jobOf(job, rendition.name), policy, { name: rendition.name, source, arrived }).finally(
      arrived,
    );
  });
  const outcomes = await Promise.allSettled(works);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

interface RenditionWish {
  readonly name: string;
  readonly source: UploadPlan;
  readonly arrived: () => void;
}

async function deliver(job: Job, policy: SitePolicy, wish: RenditionWish): Promise<StoredRendition> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await deliverOnce(job, policy, wish);
    } catch (error) {
      job.signal.throwIfAborted();
      if (!hasCode(error, 'upload-gone', 'ticket-expired', 'ticket-invalid')) throw error;
      if (restarts >= MAX_RESTARTS) {
        const message = `The rendition ${wish.name} could not be stored.`;
        throw new UploadError('storage-error', message, { retryable: true, cause: error });
      }
      job.remember({ plan: undefined, nonce: undefined, digests: new Map(), storedBytes: 0 });
    }
  }
}

async function deliverOnce(
  job: Job,
  policy: SitePolicy,
  { name, source, arrived }: RenditionWish,
): Promise<StoredRendition> {
  const { body, prepared } = job.memory();
  if (!body || !prepared)
    throw new UploadError('internal', 'The rendition has no bytes.', { retryable: true });
  const fileName = nameFor(job.picked.file.name, name, prepared.type);
  const content = { body, facts: { ...prepared, name: fileName } };
  const belonging = { renditionOf: source.ticket, rendition: name };
  const open = await openUpload(job, policy, { content, hintBytes: undefined, belonging, arrived });
  job.remember({ storedBytes: open.storedBytes });
  const stored = await deliverBody(job, { content, open, isHashed: policy.integrity });
  const { width = 0, height = 0, type } = prepared;
  const { key, url, size, receipt } = stored;
  return { name, url, key, width, height, type, size, receipt };
}

/** A run of its own to all that is below: it remembers in its place, tells nobody, and leaves no record for a later visit. */
function jobOf(job: Job, name: string): Job {
  const memory = () => job.memory().renditions?.find((rendition) => rendition.name === name)?.memory ?? {};
  const remember = (news: RunMemory) => {
    // The next run asks with the same nonce, and gets the same plan.
    if (job.signal.aborted) return;
    const renditions = job
      .memory()
      .renditions?.map((rendition) =>
        rendition.name === name ? { ...rendition, memory: { ...rendition.memory, ...news } } : rendition,
      );
    const { giveUp: before } = job.memory();
    const { giveUp } = news;
    // Who gives the file up gives all of it up.
    const both = giveUp && (() => (before?.(), giveUp()));
    job.remember({ ...(renditions ? { renditions } : {}), ...(both ? { giveUp: both } : {}) });
  };
  return { ...job, memory, remember, report: () => undefined, store: undefined };
}

/** `photo-thumb.webp`: the extension has to fit the type. */
function nameFor(original: string, rendition: string, type: string): string {
  const extension = extensionOf(original);
  const stem = extension ? original.slice(0, -extension.length - 1) : original;
  const fits = EXTENSION_TYPES.get(extension) === type;
  return `${stem}-${rendition}.${fits ? extension : (TYPE_EXTENSIONS.get(type) ?? 'bin')}`;
}

/** For `<img srcset>`: by width, the image itself among them. Empty when there are no renditions. */
export function srcsetOf(
  image: Pick<CompletedFile, 'url'>,
  width: number | undefined,
  renditions: readonly StoredRendition[],
): string {
  if (renditions.length === 0) return '';
  const byWidth = new Map(renditions.map((rendition) => [rendition.width, rendition.url]));
  if (width !== undefined) byWidth.set(width, image.url);
  return [...byWidth]
    .toSorted(([a], [b]) => a - b)
    .map(([pixels, url]) => `${encodeForSrcset(url)} ${pixels}w`)
    .join(', ');
}

/** Spaces and commas at the ends of addresses have a meaning there. */
function encodeForSrcset(url: string): string {
  return url.replaceAll(' ', '%20').replaceAll(',', '%2C');
}
