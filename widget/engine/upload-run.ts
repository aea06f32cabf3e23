// One file from start to end, in a straight line: policy, prepare, plan, send, complete. Loaded with the first file.
import type { CompletedFile, SitePolicy } from '../../server/protocol.js';
import { narrowImagePolicy } from './image-policy.js';
import { createTurns } from './next-task.js';
import { admit } from './run/admit.js';
import { deliverBody, type Opened } from './run/deliver-body.js';
import {
  deliverRenditions,
  doubtRenditions,
  rememberRenditions,
  srcsetOf,
} from './run/deliver-renditions.js';
import { smallestHint } from './run/line-speed.js';
import { openUpload } from './run/open-upload.js';
import { prepareContent, prepareFile } from './run/prepare-content.js';
import { recall, type Recalled } from './run/recall.js';
import { endClaims, holdClaim } from './run/claims.js';
import { forgetRecord, forgetUpload, giveUpUpload } from './run/records.js';
import { type Job, openJob, type Run, withSignal } from './run/run.js';
import { PartTooLarge } from './run/send-part.js';
import { hasCode, UploadError } from './upload-error.js';
import type { StoredRendition } from './snapshot.js';
import type { UploadPlan } from './upload-plan.js';

export { openResumeStore } from './resume/open-resume-store.js';
export type { Run };

const inTurnToBegin = createTurns();
const inTurnToEnd = createTurns();

/** A file whose upload was lost is started again this often without asking. */
const MAX_RESTARTS = 2;

/**
 * Uploads one file.
 * @returns The file as the signer saw it in storage.
 * @throws {UploadError} The signal's reason when it is aborted.
 */
export async function runUpload(run: Run): Promise<CompletedFile> {
  const job = openJob(run);
  // At once, not when the run has unwound: the page may be on its way out.
  const stop = () => endClaims(job);
  job.signal.addEventListener('abort', stop);
  try {
    const policy = await job.patience.keepTrying(() => job.site.loadPolicy());
    job.signal.throwIfAborted();
    admit(run, policy);
    return await new UploadRun(job, policy).run();
  } finally {
    job.signal.removeEventListener('abort', stop);
    endClaims(job);
  }
}

class UploadRun {
  readonly #job: Job;
  readonly #policy: SitePolicy;
  #hintBytes: number | undefined;

  constructor(job: Job, policy: SitePolicy) {
    this.#job = job;
    this.#policy = policy;
  }

  async run(): Promise<CompletedFile> {
    for (let restarts = 0; ; restarts += 1) {
      try {
        const opened = await this.#open();
        await this.#makeRenditions();
        const file = await this.#deliver(opened);
        await inTurnToEnd();
        // Nobody hears of what a stopped run completes: the next one has to find it, after a reload too.
        this.#job.signal.throwIfAborted();
        forgetRecord(this.#job, file.id);
        // As it is stored: it may have been written in an earlier visit.
        if (file.altText !== undefined) this.#job.remember({ altText: file.altText });
        return file;
      } catch (error) {
        this.#job.signal.throwIfAborted();
        if (restarts >= MAX_RESTARTS || !isLost(error)) throw this.#final(error);
        this.#restart(error);
      }
    }
  }

  /** Announced to the call that plans: files of the same moment share it. */
  async #open(): Promise<Opened> {
    const { client, memory } = this.#job;
    const arrived = memory().plan ? () => undefined : client.create.expect();
    try {
      return await this.#openAnnounced(arrived);
    } finally {
      arrived();
    }
  }

  async #openAnnounced(arrived: () => void): Promise<Opened> {
    const job = this.#job;
    const { plan } = job.memory();
    if (plan) await this.#claim(plan.id);
    else {
      const recalled = await recall(job, this.#policy.integrity);
      if (recalled) return this.#take(recalled);
    }
    await inTurnToBegin();
    job.signal.throwIfAborted();
    const content = await prepareContent(job, this.#policy);
    job.report({ type: 'sign' });
    const open = await openUpload(job, this.#policy, { content, hintBytes: this.#hintBytes, arrived });
    job.remember({ storedBytes: open.storedBytes });
    return { content, open };
  }

  #take({ content, open, doubted }: Recalled): Opened {
    const { plan, storedBytes } = open;
    const giveUp = () => giveUpUpload(this.#job, plan);
    const { facts: prepared, body } = content;
    const renditions = doubtRenditions(this.#job.memory().renditions);
    this.#job.remember({ prepared, body, renditions, plan, storedBytes, doubted, giveUp });
    return { content, open };
  }

  /** Another tab may have gone on with what was paused here; then it is waited for. */
  async #claim(id: string): Promise<void> {
    await this.#job.patience.keepTrying(async () => {
      if (await holdClaim(id, this.#job)) return;
      const message = 'Another tab is working on this upload.';
      throw new UploadError('conflict', message, { retryable: true, persistence: 'long' });
    });
  }

  /** Those of a file that an earlier visit began are made again: only the image itself is kept, or not even that. */
  async #makeRenditions(): Promise<void> {
    const { memory, picked, remember, options } = this.#job;
    const { renditions: wanted } = narrowImagePolicy(this.#policy.image, options.image);
    if (memory().renditions || wanted.length === 0 || picked.file.size === 0) return;
    const { renditions = [] } = await prepareFile(this.#job, this.#policy);
    remember({ renditions: rememberRenditions(renditions, true) });
  }

  /** The image and what was made of it, side by side: the file is stored when all of it is. */
  async #deliver(opened: Opened): Promise<CompletedFile> {
    const job = this.#job;
    const stop = new AbortController();
    const signal = AbortSignal.any([job.signal, stop.signal]);
    const { plan } = opened.open;
    const others = deliverRenditions(withSignal(job, signal), this.#policy, plan);
    others.catch(() => undefined);
    try {
      const file = await deliverBody(job, { ...opened, isHashed: this.#policy.integrity });
      this.#show(file, await others);
      return file;
    } catch (error) {
      stop.abort(error);
      await others.catch(() => undefined);
      throw error;
    }
  }

  /** What the page is told of the renditions; their bytes are no longer needed. */
  #show(file: CompletedFile, renditions: readonly StoredRendition[]): void {
    const { memory, remember } = this.#job;
    const { prepared } = memory();
    if (!prepared || renditions.length === 0) return;
    const gallery = { renditions, srcset: srcsetOf(file, prepared.width, renditions) };
    remember({ prepared: { ...prepared, gallery }, renditions: undefined });
  }

  /** Begins anew with a plan of its own, and says so when storage has lost what was sent. */
  #restart(error: unknown): void {
    const job = this.#job;
    const { plan } = job.memory();
    if (plan) this.#forget(plan);
    if (error instanceof PartTooLarge) this.#hintBytes = smallestHint();
    else job.remember({ notice: 'upload-gone' });
    job.report({ type: 'restart' });
  }

  #forget(plan: UploadPlan): void {
    forgetUpload(this.#job, plan);
    this.#job.remember({
      plan: undefined,
      nonce: undefined,
      // Stored beside an image that is no more, they are made anew.
      renditions: this.#job.memory().renditions?.map(({ name, memory: { body, prepared } }) => ({
        name,
        memory: { body, ...(prepared ? { prepared } : {}) },
      })),
      digests: new Map(),
      storedBytes: 0,
      doubted: undefined,
      giveUp: undefined,
    });
  }

  /** What can never be gone on with leaves no record. */
  #final(error: unknown): unknown {
    const { plan } = this.#job.memory();
    if (error instanceof PartTooLarge) {
      return new UploadError('blocked-by-network', 'No part got through.', { retryable: true, cause: error });
    }
    // What storage holds is of the content that is no more: nothing may be put beside it.
    if (plan && hasCode(error, 'file-changed')) this.#forget(plan);
    else if (plan && error instanceof UploadError && !error.retryable) forgetRecord(this.#job, plan.id);
    return error;
  }
}

/** Whether a new plan helps: the old one is no longer known, or does not get through. */
function isLost(error: unknown): boolean {
  return error instanceof PartTooLarge || hasCode(error, 'upload-gone', 'ticket-expired', 'ticket-invalid');
}
