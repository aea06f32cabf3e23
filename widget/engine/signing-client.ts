// The signer's upload routes: plan, sign, status, complete, abort. Files that are ready in the same moment share a call.
import type {
  CompletedFile,
  FileRequest,
  MultipartUpload,
  PartRequest,
  PutUpload,
  SignedPart,
  UploadStatus,
} from '../../server/protocol.js';
import { type Answer, answerError } from './answer.js';
import { type Batcher, type BatchLimits, createBatcher } from './batcher.js';
import type { Grant, SiteAccess } from './site-access.js';
import {
  faultyItem,
  type Guard,
  isCompletedFile,
  isPlannedUpload,
  isSignature,
  isUploadStatus,
  readList,
} from './upload-answers.js';
import { UploadError } from './upload-error.js';
import type { Ticket, UploadPlan } from './upload-plan.js';

/** The requests that are asked for: of some parts, or of a single PUT as its part 1. */
export interface SignJob {
  readonly plan: UploadPlan;
  readonly parts: readonly PartRequest[];
}

const GRANT_TIMEOUT_MS = 10_000;
/** The signer takes 64 KiB; the rest is left for site key and grant. Browsers give `keepalive` bodies 64 KiB, too. */
const SMALL = { maxWeight: 100, maxBytes: 48 * 1024 } satisfies BatchLimits<unknown>;
/** The signer takes 256 KiB on the routes of tickets. */
const LARGE = { maxWeight: 100, maxBytes: 240 * 1024 } satisfies BatchLimits<unknown>;
/** Files that were hashed for their call: what is at hand goes, for a line that rests costs more than a call. */
const HASHED_BYTES = 24 * 2 ** 20;
/** How long a file waits for others to be planned with, and to be confirmed with. */
const CREATE_HOLD_MS = 500;
const COMPLETE_HOLD_MS = 1500;
const clients = new WeakMap<SiteAccess, SigningClient>();

/** The site's one client: only what goes through the same client can share calls. */
export function clientFor(site: SiteAccess): SigningClient {
  const client = clients.get(site) ?? new SigningClient(site);
  clients.set(site, client);
  return client;
}

/** Every call throws an UploadError when the signer says no or cannot be reached. */
export class SigningClient {
  readonly #site: SiteAccess;

  constructor(site: SiteAccess) {
    this.#site = site;
  }

  /** Plans an upload. */
  readonly create: Batcher<FileRequest, PutUpload | MultipartUpload> = createBatcher(
    (files) => this.#create(files),
    { ...SMALL, weigh: weighFile, holdMs: CREATE_HOLD_MS },
  );

  /** Signs requests of a planned upload. */
  readonly sign: Batcher<SignJob, readonly SignedPart[]> = createBatcher((jobs) => this.#sign(jobs), {
    ...LARGE,
    weigh: ({ parts }) => parts.length,
  });

  /** Asks what storage really holds. */
  readonly status: Batcher<Ticket, UploadStatus> = createBatcher(async (tickets) => {
    const answer = await this.#post('/status', { tickets: tickets.map(({ ticket }) => ticket) });
    return readList(answer, 'results', guardsFor(tickets, isUploadStatus));
  }, LARGE);

  /** Has the signer put parts together and look at what storage holds. */
  readonly complete: Batcher<Ticket, CompletedFile> = createBatcher(
    async (tickets) => {
      const answer = await this.#post('/complete', { tickets: tickets.map(({ ticket }) => ticket) });
      return readList(answer, 'files', guardsFor(tickets, isCompletedFile));
    },
    { ...LARGE, holdMs: COMPLETE_HOLD_MS },
  );

  /** Gives an upload up. Best effort: it outlives the page and never throws. */
  async abort(ticket: Ticket): Promise<void> {
    await this.#abort.add(ticket).catch(() => undefined);
  }

  readonly #abort = createBatcher<Ticket, true>(async (tickets) => {
    const body = { tickets: tickets.map(({ ticket }) => ticket) };
    // Browsers refuse what is more than 64 KiB of `keepalive` bodies at once, over all calls of the page.
    await this.#post('/abort', body, true).catch(() => this.#post('/abort', body));
    return tickets.map(() => true);
  }, SMALL);

  async #create(
    files: readonly FileRequest[],
  ): Promise<readonly (PutUpload | MultipartUpload | UploadError)[]> {
    const grant = await readGrant(this.#site.grant());
    const answer = await this.#post('', { siteKey: this.#site.siteKey, ...(grant ? { grant } : {}), files });
    const faulty = faultyItem(answer, 'uploads');
    if (faulty === undefined || files.length < 2 || !files[faulty]) {
      const guards = files.map(() => isPlannedUpload);
      return readList(answer, 'uploads', guards);
    }
    // The signer refuses the whole call for one unusable name: the other files go again without it.
    const others = await this.#create(files.toSpliced(faulty, 1));
    return others.toSpliced(faulty, 0, answerError(answer));
  }

  async #sign(jobs: readonly SignJob[]): Promise<readonly (readonly SignedPart[] | UploadError)[]> {
    const requests = jobs.map(({ plan, parts }) => {
      const md5 = parts[0]?.md5;
      if (plan.strategy === 'multipart') return { ticket: plan.ticket, parts };
      return { ticket: plan.ticket, ...(md5 === undefined ? {} : { md5 }) };
    });
    const answer = await this.#post('/sign', { requests });
    const guards = jobs.map(
      ({ plan, parts }) =>
        (
          value: unknown,
        ): value is { id: string; request: SignedPart['request']; parts: readonly SignedPart[] } => {
          const numbers = plan.strategy === 'put' ? undefined : parts.map(({ partNumber }) => partNumber);
          return isSignature(value, numbers) && value.id === plan.id;
        },
    );
    return readList(answer, 'results', guards).map((result, index) => {
      if (result instanceof UploadError) return result;
      return jobs[index]?.plan.strategy === 'put'
        ? [{ partNumber: 1, request: result.request }]
        : result.parts;
    });
  }

  #post(action: string, body: object, keepalive = false): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body), keepalive };
    return this.#site.call(`/v1/uploads${action}`, init);
  }
}

function weighFile({ md5, size }: FileRequest): number {
  return md5 === undefined ? 1 : Math.max(1, (size / HASHED_BYTES) * SMALL.maxWeight);
}

function guardsFor<T extends { readonly id: string }>(
  tickets: readonly Ticket[],
  isItem: Guard<T>,
): readonly Guard<T>[] {
  return tickets.map(
    ({ id }) =>
      (value): value is T =>
        isItem(value) && value.id === id,
  );
}

async function readGrant(grant: Grant | undefined): Promise<string | undefined> {
  if (typeof grant !== 'function') return grant;
  try {
    return await Promise.race([grant(), rejectAfter(GRANT_TIMEOUT_MS)]);
  } catch (cause) {
    throw new UploadError('hook-failed', 'The function for the grant failed.', { retryable: true, cause });
  }
}

function rejectAfter(delayMs: number): Promise<never> {
  const signal = AbortSignal.timeout(delayMs);
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
