// A site at its signer: how to call it, and what it accepts.
import type { SitePolicy } from '../../server/protocol.js';
import { readRetryAfter } from '../../server/rules/retry.js';
import { type Answer, answerError, isOk, isSitePolicy } from './answer.js';
import { isOffline } from './is-offline.js';
import type { Fetch } from './ports.js';
import { reachesSigner } from './reaches.js';
import { UploadError } from './upload-error.js';

/** A string, or a function that fetches one from the site's backend. */
export type Grant = string | (() => Promise<string>);

export interface SiteAccessOptions {
  /** Base URL without a slash at the end. */
  readonly signer: string;
  readonly siteKey: string;
  /** Asked before each call that needs it, so that a grant may change. */
  readonly grant: () => Grant | undefined;
  readonly fetch: Fetch;
}

const CALL_TIMEOUT_MS = 30_000;

export class SiteAccess implements SiteAccessOptions {
  readonly signer: string;
  readonly siteKey: string;
  readonly grant: () => Grant | undefined;
  readonly fetch: Fetch;
  #policy: SitePolicy | undefined;
  #loading: Promise<SitePolicy> | undefined;

  constructor({ signer, siteKey, grant, fetch }: SiteAccessOptions) {
    this.signer = signer;
    this.siteKey = siteKey;
    this.grant = grant;
    this.fetch = fetch;
  }

  /** What the site accepts, once loaded. */
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

  /**
   * Calls a route of the signer.
   * @param path - From `/v1` on.
   * @throws {UploadError} `offline` or `signer-unreachable` when there is no answer.
   */
  async call(path: string, init: RequestInit = {}): Promise<Answer> {
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    try {
      const response = await this.fetch(this.signer + path, { ...init, signal, credentials: 'omit' });
      const { status, headers } = response;
      const retryAfterSeconds = readRetryAfter(headers.get('retry-after'));
      return { status, retryAfterSeconds, body: parseJson(await response.text()) };
    } catch (cause) {
      throw await this.#silence(cause);
    }
  }

  /** What it means that a call got no answer. */
  async #silence(cause: unknown): Promise<UploadError> {
    if (!isOffline() && this.#policy && (await this.#isShutOut())) return shutOut(cause);
    const code = isOffline() ? 'offline' : 'signer-unreachable';
    return new UploadError(code, 'The signing service gave no answer.', {
      retryable: true,
      persistence: 'long',
      cause,
    });
  }

  /** It lives, and answered this page before, but does no more: its sites have changed. */
  async #isShutOut(): Promise<boolean> {
    if (!(await reachesSigner(this))) return false;
    try {
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      await this.fetch(this.signer + this.#policyPath, { signal, credentials: 'omit', cache: 'no-store' });
      return false;
    } catch {
      return true;
    }
  }

  get #policyPath(): string {
    return `/v1/sites/${encodeURIComponent(this.siteKey)}`;
  }

  async #fetchPolicy(): Promise<SitePolicy> {
    const path = this.#policyPath;
    const answer = await this.call(path).catch(async (error: unknown) => {
      if (isOffline() || !(await reachesSigner(this))) throw error;
      // It answers, but not to this page: an origin that no site allows gets no CORS headers. Or the line was cut
      // for a moment: one more call tells.
      return this.call(path).catch((cause: unknown) => {
        throw shutOut(cause);
      });
    });
    if (!isOk(answer) || !isSitePolicy(answer.body, this.siteKey)) throw answerError(answer);
    this.#policy = answer.body;
    return answer.body;
  }
}

/** Origins that no site allows get no CORS headers, so that pages learn nothing. */
function shutOut(cause: unknown): UploadError {
  return new UploadError('origin-not-allowed', 'The signing service gave no answer to this page.', {
    retryable: true,
    persistence: 'brief',
    cause,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
