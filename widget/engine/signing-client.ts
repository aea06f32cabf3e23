// The signer's upload routes: plan, sign, complete, abort. Files that are ready in the same moment share a call.
import type { FileRequest, PutUpload, SignedRequest } from '../../server/protocol.js';
import { type Answer, answerError } from './answer.js';
import { type BatchLimits, createBatcher } from './batcher.js';
import type { Grant, SiteAccess } from './site-access.js';
import {
  faultyItem,
  type Guard,
  isCompletedFile,
  isPutUpload,
  isSignature,
  readList,
} from './upload-answers.js';
import { UploadError } from './upload-error.js';

/** The client's hold on an upload: opaque, but the id must come back in every answer. */
export type Ticket = Pick<PutUpload, 'id' | 'ticket'>;

const GRANT_TIMEOUT_MS = 10_000;
/** The signer takes 64 KiB; the rest is left for site key and grant. Browsers give `keepalive` bodies 64 KiB, too. */
const SMALL: BatchLimits = { maxItems: 100, maxBytes: 48 * 1024 };
/** The signer takes 256 KiB on the routes of tickets. */
const LARGE: BatchLimits = { maxItems: 100, maxBytes: 240 * 1024 };
const clients = new WeakMap<SiteAccess, SigningClient>();

/** The site's one client: only what goes through the same client can share calls. */
export function clientFor(site: SiteAccess): SigningClient {
  const client = clients.get(site) ?? new SigningClient(site);
  clients.set(site, client);
  return client;
}

export class SigningClient {
  readonly #site: SiteAccess;

  constructor(site: SiteAccess) {
    this.#site = site;
  }

  /** Plans an upload and signs its request. @throws {UploadError} */
  readonly create = createBatcher<FileRequest, PutUpload>((files) => this.#create(files), SMALL);

  /** Signs the request of a planned upload anew. @throws {UploadError} */
  readonly sign = createBatcher<Ticket, SignedRequest>(async (tickets) => {
    const answer = await this.#post('/sign', { requests: tickets.map(({ ticket }) => ({ ticket })) });
    const results = readList(answer, 'results', guardsFor(tickets, isSignature));
    return results.map((result) => (result instanceof UploadError ? result : result.request));
  }, LARGE);

  /** Asks the signer to look at what storage holds. @throws {UploadError} `not-uploaded` when it is not there. */
  readonly complete = createBatcher(async (tickets: readonly Ticket[]) => {
    const answer = await this.#post('/complete', { tickets: tickets.map(({ ticket }) => ticket) });
    return readList(answer, 'files', guardsFor(tickets, isCompletedFile));
  }, LARGE);

  /** Gives an upload up. Best effort: it outlives the page and never throws. */
  async abort(ticket: Ticket): Promise<void> {
    await this.#abort(ticket).catch(() => undefined);
  }

  readonly #abort = createBatcher<Ticket, true>(async (tickets) => {
    await this.#post('/abort', { tickets: tickets.map(({ ticket }) => ticket) }, true);
    return tickets.map(() => true);
  }, SMALL);

  async #create(files: readonly FileRequest[]): Promise<readonly (PutUpload | UploadError)[]> {
    const grant = await readGrant(this.#site.grant());
    const answer = await this.#post('', { siteKey: this.#site.siteKey, ...(grant ? { grant } : {}), files });
    const faulty = faultyItem(answer);
    if (faulty === undefined || files.length < 2 || !files[faulty]) {
      const guards = files.map(() => isPutUpload);
      return readList(answer, 'uploads', guards);
    }
    // The signer refuses the whole call for one unusable name: the other files go again without it.
    const others = await this.#create(files.toSpliced(faulty, 1));
    return others.toSpliced(faulty, 0, answerError(answer));
  }

  #post(action: string, body: object, keepalive = false): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body), keepalive };
    return this.#site.call(`/v1/uploads${action}`, init);
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
