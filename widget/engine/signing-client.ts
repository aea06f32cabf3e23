// Speaks with the signer: the site's policy, and the batched calls that plan, sign, complete and abort uploads.
import type { FileRequest, PutUpload, SignedRequest, SitePolicy } from '../../server/protocol.js';
import { type Answer, answerError, faultyItem, type Guard, isCompletedFile, isPutUpload } from './answers.js';
import { isSignature, isSitePolicy, readList } from './answers.js';
import { type BatchLimits, createBatcher } from './batcher.js';
import { isOffline } from './diagnose.js';
import type { Fetch } from './ports.js';
import { UploadError } from './upload-error.js';

/** The client's hold on an upload: opaque, but the id must come back in every answer. */
export type Ticket = Pick<PutUpload, 'id' | 'ticket'>;

/** A string, or a function that fetches one from the site's backend. */
export type Grant = string | (() => Promise<string>);

export interface SigningClientOptions {
  /** Base URL without a slash at the end. */
  readonly signer: string;
  readonly siteKey: string;
  /** Asked before each call, so that a grant may change. */
  readonly grant: () => Grant | undefined;
  readonly fetch: Fetch;
}

const CALL_TIMEOUT_MS = 30_000;
const GRANT_TIMEOUT_MS = 10_000;
/** The signer takes 64 KiB; the rest is left for site key and grant. Browsers give `keepalive` bodies 64 KiB, too. */
const SMALL: BatchLimits = { maxItems: 100, maxBytes: 48 * 1024 };
/** The signer takes 256 KiB on the routes of tickets. */
const LARGE: BatchLimits = { maxItems: 100, maxBytes: 240 * 1024 };

export class SigningClient {
  readonly signer: string;
  readonly siteKey: string;
  readonly #grant: () => Grant | undefined;
  readonly #fetch: Fetch;
  #policy: SitePolicy | undefined;
  #loading: Promise<SitePolicy> | undefined;

  constructor({ signer, siteKey, grant, fetch }: SigningClientOptions) {
    this.signer = signer;
    this.siteKey = siteKey;
    this.#grant = grant;
    this.#fetch = fetch;
  }

  get policy(): SitePolicy | undefined {
    return this.#policy;
  }

  /**
   * Loads what the site accepts. Calls share one request; a failed one is forgotten, so that the next call tries again.
   * @throws {UploadError} `offline`, `signer-unreachable`, or the signer's own code.
   */
  loadPolicy(): Promise<SitePolicy> {
    this.#loading ??= this.#fetchPolicy().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Plans an upload and signs its request. @throws {UploadError} */
  readonly create = createBatcher<FileRequest, PutUpload>((files) => this.#create(files), SMALL);

  /** Signs the request of a planned upload anew. @throws {UploadError} */
  readonly sign = createBatcher<Ticket, SignedRequest>(async (tickets) => {
    const answer = await this.#post('sign', { requests: tickets.map(({ ticket }) => ({ ticket })) });
    const results = readList(answer, 'results', guardsFor(tickets, isSignature));
    return results.map((result) => (result instanceof UploadError ? result : result.request));
  }, LARGE);

  /** Asks the signer to look at what storage holds. @throws {UploadError} `not-uploaded` when it is not there. */
  readonly complete = createBatcher(async (tickets: readonly Ticket[]) => {
    const answer = await this.#post('complete', { tickets: tickets.map(({ ticket }) => ticket) });
    return readList(answer, 'files', guardsFor(tickets, isCompletedFile));
  }, LARGE);

  /** Gives an upload up. Best effort: it outlives the page and never throws. */
  async abort(ticket: Ticket): Promise<void> {
    await this.#abort(ticket).catch(() => undefined);
  }

  readonly #abort = createBatcher<Ticket, true>(async (tickets) => {
    await this.#post('abort', { tickets: tickets.map(({ ticket }) => ticket) }, true);
    return tickets.map(() => true);
  }, SMALL);

  async #fetchPolicy(): Promise<SitePolicy> {
    const answer = await this.#call(`/v1/sites/${encodeURIComponent(this.siteKey)}`, {});
    if (!answer.ok || !isSitePolicy(answer.body, this.siteKey)) throw answerError(answer);
    this.#policy = answer.body;
    return answer.body;
  }

  async #create(files: readonly FileRequest[]): Promise<readonly (PutUpload | UploadError)[]> {
    const grant = await readGrant(this.#grant());
    const answer = await this.#post('', { siteKey: this.siteKey, ...(grant ? { grant } : {}), files });
    const faulty = faultyItem(answer);
    if (faulty === undefined || files.length < 2 || !files[faulty]) {
      return readList(
        answer,
        'uploads',
        files.map(() => isPutUpload),
      );
    }
    // The signer refuses the whole call for one unusable name: the other files go again without it.
    const others = await this.#create(files.toSpliced(faulty, 1));
    return others.toSpliced(faulty, 0, answerError(answer));
  }

  #post(action: string, body: object, keepalive = false): Promise<Answer> {
    const path = action ? `/v1/uploads/${action}` : '/v1/uploads';
    const headers = { 'content-type': 'application/json' };
    return this.#call(path, { method: 'POST', headers, body: JSON.stringify(body), keepalive });
  }

  async #call(path: string, init: RequestInit): Promise<Answer> {
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    try {
      const response = await this.#fetch(this.signer + path, { ...init, signal, credentials: 'omit' });
      const text = await response.text();
      return { ok: response.ok, body: parseJson(text) };
    } catch (cause) {
      const code = isOffline() ? 'offline' : 'signer-unreachable';
      throw new UploadError(code, 'The signing service gave no answer.', { retryable: true, cause });
    }
  }
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
