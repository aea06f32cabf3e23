// One part of an upload, or the one PUT of a small file, until storage has it.
import type { PartRequest, SignedRequest } from '../../../server/protocol.js';
import { judgeAnswer } from '../../../server/rules/retry.js';
import { diagnose, noteOpen } from '../diagnose.js';
import { isOffline } from '../is-offline.js';
import { storageQueue } from '../task-queue.js';
import { partRange, type UploadPlan } from '../upload-plan.js';
import { hasCode, UploadError } from '../upload-error.js';
import type { ByteLedger } from './byte-ledger.js';
import { hashBody } from './hash-body.js';
import { noteSpeed, smallestHint } from './line-speed.js';
import type { Job } from './run.js';
import { sendWatched } from './send-watched.js';

export interface Delivery {
  readonly job: Job;
  readonly plan: UploadPlan;
  readonly body: Blob;
  readonly ledger: ByteLedger;
  /** Ends when the run is stopped, or another part has failed for good. */
  readonly signal: AbortSignal;
}

export interface SignedPartRequest {
  readonly request: SignedRequest;
  /** Monotonic milliseconds before it was signed. */
  readonly signedAtMs: number;
}

export interface Part extends PartRequest {
  readonly body: Blob;
  /** Those of the body, where they were read already. */
  readonly bytes?: ArrayBuffer | undefined;
}

/** Thrown when the line is cut before a part of this size gets through. */
export class PartTooLarge extends Error {}

/** A request is not begun so shortly before it expires. */
const EXPIRY_MARGIN_SECONDS = 30;
const MAX_REFUSALS = 2;
const MAX_CUTS = 4;
const MAX_CUTS_AFTER_SUCCESS = 12;

/** The bytes of a part; untyped, for a typed body would make the browser send a content-type of its own. */
export function partBody({ plan, body }: Pick<Delivery, 'plan' | 'body'>, partNumber: number): Blob {
  if (plan.strategy === 'put') return body;
  const { start, end } = partRange(plan, partNumber, body.size);
  return body.slice(start, end);
}

/**
 * Sends a part.
 * @param first - Its request, when it is signed already.
 * @throws {UploadError} When storage will not have it.
 */
export async function sendPart(delivery: Delivery, part: Part, first?: SignedPartRequest): Promise<void> {
  await new PartSender(delivery, part, first).send();
}

class PartSender {
  readonly #delivery: Delivery;
  readonly #part: Part;
  #signed: SignedPartRequest | undefined;
  #sentBytes = 0;
  #refusals = 0;
  #cuts = 0;
  /** An earlier attempt may have arrived, and nobody could tell yet. */
  #isUncertain = false;

  constructor(delivery: Delivery, part: Part, signed: SignedPartRequest | undefined) {
    this.#delivery = delivery;
    this.#part = part;
    this.#signed = signed;
  }

  async send(): Promise<void> {
    const { job, ledger, signal } = this.#delivery;
    const { partNumber, body } = this.#part;
    await job.patience.keepTrying(async () => {
      try {
        await this.#attempt();
        storageQueue.speedUp();
      } catch (error) {
        ledger.dropped(partNumber);
        await this.#judge(error);
      }
    }, signal);
    job.patience.moved();
    ledger.stored(partNumber, body.size);
  }

  async #attempt(): Promise<void> {
    const { job, signal, ledger } = this.#delivery;
    const { partNumber, body, bytes } = this.#part;
    const { concurrency: limit, rank } = job;
    if (this.#isUncertain && (await this.#isStored())) return;
    this.#sentBytes = 0;
    const onProgress = (sentBytes: number) => {
      noteSpeed(sentBytes - this.#sentBytes, job.now());
      this.#sentBytes = sentBytes;
      if (ledger.sending(partNumber, sentBytes)) job.patience.moved();
    };
    await storageQueue.run(
      { limit, rank },
      async () => {
        job.patience.begin();
        const { request } = await this.#freshRequest();
        signal.throwIfAborted();
        await sendWatched(request, body, { ...job, signal, onProgress, bytes });
        noteOpen(request);
      },
      signal,
    );
  }

  /** The request at hand, or a new one when it has grown old in the queue. */
  async #freshRequest(): Promise<SignedPartRequest> {
    const { job, plan } = this.#delivery;
    const { partNumber, md5 } = this.#part;
    if (this.#signed && isFresh(this.#signed, job.now())) return this.#signed;
    const signedAtMs = job.now();
    const part = { partNumber, ...(md5 === undefined ? {} : { md5 }) };
    const [signed] = await job.client.sign.add({ plan, parts: [part] });
    if (!signed) throw new UploadError('internal', 'Nothing was signed.', { retryable: true });
    this.#signed = { request: signed.request, signedAtMs };
    return this.#signed;
  }

  /** Decides what a failed attempt means. Returns when storage has the part after all. */
  async #judge(error: unknown): Promise<void> {
    const { signal } = this.#delivery;
    signal.throwIfAborted();
    // The signer says so, asked for a fresh signature: an earlier attempt arrived.
    if (hasCode(error, 'conflict')) return;
    if (!(error instanceof UploadError) || error.status === undefined || !this.#signed) throw error;
    const { request } = this.#signed;
    if (error.status > 0) noteOpen(request);
    await this.#refuse(error, error.status);
    if (error.status === 0) {
      // Browsers hide answers that lack CORS headers, such as that a signature has expired.
      this.#signed = undefined;
      if (this.#sentBytes > 0) this.#cut();
    }
    this.#isUncertain = this.#mayBeStored(error.status);
    if (this.#isUncertain && (await this.#isStored())) return;
    if (error.status !== 0) throw error;
    throw await this.#diagnose(error, request);
  }

  /** @throws {UploadError} When the answer leaves no doubt. */
  async #refuse(error: UploadError, status: number): Promise<void> {
    if (status === 503 || status === 429) storageQueue.slowDown();
    if (error.storageCode === 'BadDigest' || error.storageCode === 'InvalidDigest')
      await this.#checkFile(error);
    if (judgeAnswer(status, error.storageCode) !== 'sign-again' || error.code === 'blocked-by-network')
      return;
    this.#refusals += 1;
    this.#signed = undefined;
    if (this.#refusals > MAX_REFUSALS) throw error;
    throw new UploadError('storage-error', error.message, {
      retryable: false,
      persistence: 'long',
      // A signature that has expired is nobody's trouble; a second refusal is.
      passesAtOnce: this.#refusals === 1,
      status,
      cause: error,
    });
  }

  /** What arrived is not what was hashed: damaged on its way, or changed on the disk since. */
  async #checkFile(error: UploadError): Promise<void> {
    const { job, signal } = this.#delivery;
    const { body, md5 } = this.#part;
    // Nothing was hashed: storage found the damage by itself.
    if (md5 === undefined || (await hashBody(job, body, signal)) === md5) return;
    throw new UploadError('file-changed', 'The file changed while it was sent.', {
      retryable: false,
      cause: error,
    });
  }

  /** The line broke in the middle of a body: fewer at once, and smaller parts where none gets through. */
  #cut(): void {
    if (isOffline()) return;
    storageQueue.slowDown();
    this.#cuts += 1;
    const { plan, ledger } = this.#delivery;
    if (plan.strategy !== 'multipart' || plan.partSize <= smallestHint()) return;
    // What got through shows that the size is right and the line is bad: a new plan would throw it away.
    const enough = ledger.storedBytes < plan.partSize ? MAX_CUTS : MAX_CUTS_AFTER_SUCCESS;
    if (this.#cuts >= enough) throw new PartTooLarge();
  }

  /** 409 and 412: a request that arrived twice met `if-none-match`. 404: the upload is gone, or put together already. */
  #mayBeStored(status: number): boolean {
    if (status === 0) return this.#sentBytes >= this.#part.body.size;
    return status === 404 || status === 409 || status === 412;
  }

  async #isStored(): Promise<boolean> {
    const { job, plan } = this.#delivery;
    const { partNumber, body } = this.#part;
    const { state, parts } = await job.client.status.add(plan);
    this.#isUncertain = false;
    if (state === 'stored') return true;
    if (state === 'gone')
      throw new UploadError('upload-gone', 'Storage has lost the upload.', { retryable: true });
    // One of an earlier visit has this size, too, whatever is in it.
    if (job.memory().doubted?.has(partNumber)) return false;
    return parts.some((part) => part.partNumber === partNumber && part.size === body.size);
  }

  #diagnose(error: UploadError, request: SignedRequest): Promise<UploadError> {
    const { site, ports } = this.#delivery.job;
    // The preflight went well when bytes were sent: storage lets the page in.
    if (this.#sentBytes > 0) noteOpen(request);
    return diagnose(error, { request, body: this.#part.body, signer: site.signer, fetch: ports.fetch });
  }
}

function isFresh({ request, signedAtMs }: SignedPartRequest, nowMs: number): boolean {
  const marginSeconds = Math.min(EXPIRY_MARGIN_SECONDS, request.expiresInSeconds / 2);
  return (nowMs - signedAtMs) / 1000 < request.expiresInSeconds - marginSeconds;
}
