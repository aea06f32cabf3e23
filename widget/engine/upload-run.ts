// One file from start to end, in a straight line: policy, prepare, plan, send, complete. Loaded with the first file.
import type { CompletedFile, SitePolicy } from '../../server/protocol.js';
import { narrowImagePolicy } from './image-policy.js';
import { ByteLedger } from './run/byte-ledger.js';
import { smallestHint } from './run/line-speed.js';
import { type Content, lookAt, type OpenUpload, openUpload } from './run/open-upload.js';
import { recall, type Recalled } from './run/recall.js';
import { endClaims, holdClaim } from './run/claims.js';
import { forgetRecord, forgetUpload, giveUpUpload, notePart } from './run/records.js';
import { type Job, openJob, type Run } from './run/run.js';
import { PartTooLarge, partBody } from './run/send-part.js';
import { sendParts } from './run/send-parts.js';
import { refuseTrueType } from './run/refuse-true-type.js';
import { policyRestrictions } from './restrictions.js';
import { hasCode, UploadError } from './upload-error.js';
import type { UploadPlan } from './upload-plan.js';

export type { Run };

interface Opened {
  readonly content: Content;
  readonly open: OpenUpload;
}

/** A file whose upload was lost is started again this often without asking. */
const MAX_RESTARTS = 2;
/** Times that storage may turn out to lack what it had taken. */
const MAX_ROUNDS = 3;

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
    job.admit(policy);
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
        const { content, open } = await this.#open();
        const file = await this.#deliver(content, open);
        // Nobody hears of what a stopped run completes: the next one has to find it, after a reload too.
        this.#job.signal.throwIfAborted();
        forgetRecord(this.#job, file.id);
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
    const content = await this.#content();
    job.report({ type: 'sign' });
    const open = await openUpload(job, this.#policy, { content, hintBytes: this.#hintBytes, arrived });
    job.remember({ storedBytes: open.storedBytes });
    return { content, open };
  }

  #take({ content, open, doubted }: Recalled): Opened {
    const { plan, storedBytes } = open;
    const giveUp = () => giveUpUpload(this.#job, plan);
    this.#job.remember({ prepared: content.facts, body: content.body, plan, storedBytes, doubted, giveUp });
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

  async #content(): Promise<Content> {
    const { memory, picked, options, prepare, report, remember, signal } = this.#job;
    const { body: kept, prepared: keptFacts } = memory();
    if (kept && keptFacts) return { body: kept, facts: keptFacts };
    report({ type: 'prepare' });
    const policy = narrowImagePolicy(this.#policy.image, options.image);
    const prepared = await prepare(picked.file, policy, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw imageError(cause);
    });
    signal.throwIfAborted();
    const { blob: body, contentType, ...rest } = prepared;
    if (contentType !== undefined) {
      const limits = [options.restrictions ?? {}, policyRestrictions(this.#policy)];
      refuseTrueType({ name: picked.file.name, type: contentType }, limits);
    }
    const facts = { ...rest, size: body.size };
    remember({ prepared: facts, body });
    return { body, facts };
  }

  /** Sends what is missing and has the signer confirm it, again where storage turns out to lack something. */
  async #deliver(content: Content, first: OpenUpload): Promise<CompletedFile> {
    const arrived = this.#job.client.complete.expect();
    try {
      let open = first;
      for (let rounds = 1; rounds < MAX_ROUNDS; rounds += 1) {
        const file = await this.#round(content, open, arrived);
        if (file) return file;
        open = await this.#look(open, content);
      }
      await this.#send(content, open);
      return await this.#complete(open, arrived);
    } finally {
      arrived();
    }
  }

  /** @returns Undefined when storage lacks what was sent. */
  async #round(content: Content, open: OpenUpload, arrived: () => void): Promise<CompletedFile | undefined> {
    await this.#send(content, open);
    try {
      return await this.#complete(open, arrived);
    } catch (error) {
      if (hasCode(error, 'parts-missing', 'not-uploaded')) return undefined;
      throw error;
    }
  }

  #complete({ plan }: OpenUpload, arrived: () => void): Promise<CompletedFile> {
    const { patience, client, report } = this.#job;
    report({ type: 'verify' });
    return patience.keepTrying(() => {
      const completing = client.complete.add(plan);
      arrived();
      return completing;
    });
  }

  async #look({ plan }: OpenUpload, { body }: Content): Promise<OpenUpload> {
    const { patience, client, remember } = this.#job;
    const status = await patience.keepTrying(() => client.status.add(plan));
    const open = lookAt(this.#job, plan, { status, size: body.size });
    remember({ storedBytes: open.storedBytes });
    return open;
  }

  async #send({ body }: Content, open: OpenUpload): Promise<void> {
    const job = this.#job;
    const { plan, missing, signed, storedBytes } = open;
    if (missing.length === 0) return;
    const ledger = new ByteLedger(storedBytes, (sentBytes) => job.report({ type: 'progress', sentBytes }));
    job.report({ type: 'send', totalBytes: body.size, sentBytes: storedBytes });
    const onStored = (partNumber: number, md5: string | undefined) => {
      const doubted = new Set([...(job.memory().doubted ?? [])].filter((number) => number !== partNumber));
      job.remember({ storedBytes: ledger.storedBytes, doubted });
      const part = { partNumber, body: partBody({ plan, body }, partNumber), md5 };
      notePart(job, plan, part).catch(() => undefined);
    };
    const isHashed = this.#policy.integrity;
    try {
      await sendParts({ job, plan, body, ledger, missing, signed, isHashed, onStored });
    } catch (error) {
      // The signer signs nothing more for what is stored: an earlier attempt arrived after all.
      if (!hasCode(error, 'conflict')) throw error;
    }
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

function imageError(cause: unknown): UploadError {
  if (cause instanceof UploadError) return cause;
  const isUnsafe = cause instanceof Error && 'code' in cause && cause.code === 'metadata-not-removed';
  const code = isUnsafe ? 'metadata-not-removed' : 'image-unreadable';
  return new UploadError(code, 'The image could not be prepared.', { retryable: !isUnsafe, cause });
}
