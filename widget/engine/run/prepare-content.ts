// What is sent for a chosen file: made by the `prepare` port within the site's policy, then judged by what it turned out to be.
import type { SitePolicy } from '../../../server/protocol.js';
import { narrowImagePolicy } from '../image-policy.js';
import type { PreparedFile } from '../ports.js';
import { policyRestrictions } from '../restrictions.js';
import type { ImageWish } from '../upload.js';
import { UploadError } from '../upload-error.js';
import { rememberRenditions } from './deliver-renditions.js';
import type { Content } from './open-upload.js';
import { refuseTrueSize, refuseTrueType } from './refuse-prepared.js';
import type { Job } from './run.js';

type Preparing = Pick<Job, 'picked' | 'site' | 'options' | 'ports' | 'signal'>;

interface Making {
  readonly wish: ImageWish;
  readonly prepared: Promise<PreparedFile>;
}

/** What was begun ahead of a run has the run's own signal. */
const begun = new WeakMap<AbortSignal, Making>();

/**
 * Prepares a file once, however often it is tried, and remembers what came of it.
 * @throws {UploadError} When the image could not be made or the site does not take the result; the signal's reason when aborted.
 */
export async function prepareContent(
  job: Preparing & Pick<Job, 'memory' | 'remember' | 'report'>,
  policy: SitePolicy,
): Promise<Content> {
  const { memory, picked, options, signal, report, remember } = job;
  const limits = [options.restrictions ?? {}, policyRestrictions(policy)];
  const wish = wishOf(job, policy);
  const { body: kept, prepared: keptFacts, plan, madeFor } = memory();
  if (kept && keptFacts && (plan || isSameWish(madeFor, wish))) {
    if (!plan) refuseTrueSize(kept.size, limits);
    return { body: kept, facts: keptFacts };
  }
  report({ type: 'prepare' });
  const { blob: body, contentType, renditions = [], ...rest } = await prepareFile(job, policy);
  try {
    if (contentType !== undefined) refuseTrueType({ name: picked.file.name, type: contentType }, limits);
    refuseTrueSize(body.size, limits);
  } catch (error) {
    // What is refused is not kept.
    begun.delete(signal);
    throw error;
  }
  const facts = { ...rest, size: body.size };
  remember({ prepared: facts, body, madeFor: wish, renditions: rememberRenditions(renditions) });
  return { body, facts };
}

/**
 * Prepares a file, or goes on with what was begun for it.
 * @throws {UploadError} When the image could not be made; the signal's reason when aborted.
 */
export function prepareFile(job: Preparing, policy: SitePolicy): Promise<PreparedFile> {
  const { signal } = job;
  const wish = wishOf(job, policy);
  const before = begun.get(signal);
  if (before && isSameWish(before.wish, wish)) return before.prepared;
  const making = { wish, prepared: make(job, policy) };
  begun.set(signal, making);
  making.prepared.catch(() => {
    if (begun.get(signal) === making) begun.delete(signal);
  });
  return making.prepared;
}

/** Another site, or options that were set since, may want it otherwise. */
function wishOf({ site, options }: Preparing, { image }: SitePolicy): ImageWish {
  return { site, image: JSON.stringify(narrowImagePolicy(image, options.image)) };
}

function isSameWish(a: ImageWish | undefined, b: ImageWish): boolean {
  return a === undefined || (a.site === b.site && a.image === b.image);
}

async function make({ picked, options, ports, signal }: Preparing, { image }: SitePolicy) {
  // A run that was stopped on its way here begins nothing.
  signal.throwIfAborted();
  const wishes = narrowImagePolicy(image, options.image);
  const prepared = await ports.prepare(picked.file, wishes, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw imageError(cause);
  });
  signal.throwIfAborted();
  return prepared;
}

function imageError(cause: unknown): UploadError {
  if (cause instanceof UploadError) return cause;
  const isUnsafe = cause instanceof Error && 'code' in cause && cause.code === 'metadata-not-removed';
  const code = isUnsafe ? 'metadata-not-removed' : 'image-unreadable';
  return new UploadError(code, 'The image could not be prepared.', { retryable: !isUnsafe, cause });
}
