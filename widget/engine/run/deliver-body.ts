// One body of a file, from the first byte to what the signer has seen in storage: again, where storage turns out to lack something.
import type { CompletedFile } from '../../../server/protocol.js';
import { createTurns } from '../next-task.js';
import { hasCode } from '../upload-error.js';
import { ByteLedger } from './byte-ledger.js';
import { type Content, lookAt, type OpenUpload } from './open-upload.js';
import { notePart } from './records.js';
import type { Job } from './run.js';
import { partBody } from './send-part.js';
import { sendParts } from './send-parts.js';

/** A body whose plan is known. */
export interface Opened {
  readonly content: Content;
  readonly open: OpenUpload;
}

export interface DeliveryWish extends Opened {
  /** Whether each part carries its MD5. */
  readonly isHashed: boolean;
}

const inTurn = createTurns();

/** Times that storage may turn out to lack what it had taken. */
const MAX_ROUNDS = 3;

/**
 * Sends what is missing and has the signer confirm it.
 * @throws {UploadError} When that cannot be done; the signal's reason when aborted.
 */
export async function deliverBody(job: Job, wish: DeliveryWish): Promise<CompletedFile> {
  const arrived = job.client.complete.expect();
  try {
    await inTurn();
    job.signal.throwIfAborted();
    return await new BodyDelivery(job, wish, arrived).deliver();
  } finally {
    arrived();
  }
}

class BodyDelivery {
  readonly #job: Job;
  readonly #content: Content;
  readonly #isHashed: boolean;
  readonly #arrived: () => void;
  #open: OpenUpload;

  constructor(job: Job, { content, open, isHashed }: DeliveryWish, arrived: () => void) {
    this.#job = job;
    this.#content = content;
    this.#open = open;
    this.#isHashed = isHashed;
    this.#arrived = arrived;
  }

  async deliver(): Promise<CompletedFile> {
    for (let rounds = 1; rounds < MAX_ROUNDS; rounds += 1) {
      const file = await this.#round();
      if (file) return file;
      await this.#look();
    }
    await this.#send();
    return this.#complete();
  }

  /** @returns Undefined when storage lacks what was sent. */
  async #round(): Promise<CompletedFile | undefined> {
    await this.#send();
    try {
      return await this.#complete();
    } catch (error) {
      if (hasCode(error, 'parts-missing', 'not-uploaded')) return undefined;
      throw error;
    }
  }

  #complete(): Promise<CompletedFile> {
    const { patience, client, report } = this.#job;
    report({ type: 'verify' });
    return patience.keepTrying(() => {
      const completing = client.complete.add(this.#open.plan);
      this.#arrived();
      return completing;
    });
  }

  async #look(): Promise<void> {
    const { plan } = this.#open;
    const { patience, client, remember } = this.#job;
    const status = await patience.keepTrying(() => client.status.add(plan));
    this.#open = lookAt(this.#job, plan, { status, size: this.#content.body.size });
    remember({ storedBytes: this.#open.storedBytes });
  }

  async #send(): Promise<void> {
    const job = this.#job;
    const { body } = this.#content;
    const { plan, missing, signed, storedBytes, takeBytes } = this.#open;
    if (missing.length === 0) return;
    const ledger = new ByteLedger(storedBytes, (sentBytes) => job.report({ type: 'progress', sentBytes }));
    job.report({ type: 'send', totalBytes: body.size, sentBytes: storedBytes });
    const onStored = (partNumber: number, md5: string | undefined) => {
      const doubted = new Set([...(job.memory().doubted ?? [])].filter((number) => number !== partNumber));
      job.remember({ storedBytes: ledger.storedBytes, doubted });
      const part = { partNumber, body: partBody({ plan, body }, partNumber), md5 };
      notePart(job, plan, part).catch(() => undefined);
    };
    const isHashed = this.#isHashed;
    try {
      await sendParts({ job, plan, body, ledger, missing, signed, isHashed, bytes: takeBytes?.(), onStored });
    } catch (error) {
      // The signer signs nothing more for what is stored: an earlier attempt arrived after all.
      if (!hasCode(error, 'conflict')) throw error;
    }
  }
}
