// Is the element able to work: its attributes, its site, the network. The site's owner hears the cause in the console.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ErrorCode, SitePolicy } from '../../server/protocol.js';
import { UploadError } from '../engine/upload-error.js';
import type { Language } from './describe.js';
import type * as Words from './explain-setup.js';
import type { Options } from './options.js';

export interface SetupHost extends ReactiveControllerHost, HTMLElement {
  readonly siteKey: string;
  readonly signer: string;
  readonly options: Options;
  readonly language: Language;
  readonly isHeld: boolean;
  loadPolicy(): Promise<SitePolicy>;
  start(): void;
  /** The site is known. */
  policyLoaded(): void;
  say(text: string): void;
}

/** What the signer said. */
export interface Cause {
  readonly code: ErrorCode;
  readonly message: string;
}

// What only the site's owner can mend.
const OWNERS: ReadonlySet<string> = new Set<ErrorCode>([
  'unknown-site',
  'site-disabled',
  'origin-required',
  'origin-not-allowed',
  'blocked-by-network',
  'storage-error',
]);

export class SetupController implements ReactiveController {
  isOffline = false;
  readonly #host: SetupHost;
  /** What was looked at last; undefined before. */
  #checked: string | undefined;
  #isBroken = false;
  #wasBroken = false;
  #said = '';

  constructor(host: SetupHost) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('b2-error', ({ detail }) => detail.file.error && this.#report(detail.file.error));
  }

  hostConnected(): void {
    window.addEventListener('online', this.#observeNetwork);
    window.addEventListener('offline', this.#observeNetwork);
    this.#observeNetwork();
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#observeNetwork);
    window.removeEventListener('offline', this.#observeNetwork);
  }

  /** Nothing can be sent before the owner mends it. */
  get isBroken(): boolean {
    return this.#isBroken || this.#host.options.setupProblem !== undefined;
  }

  hostUpdated(): void {
    const { siteKey, options } = this.#host;
    const key = `${siteKey} ${this.#host.signer} ${options.signer}`;
    if (key === this.#checked || !this.#host.isConnected) return;
    this.#checked = key;
    this.#wasBroken ||= this.isBroken;
    this.#isBroken = false;
    const { setupProblem: problem } = options;
    if (problem === undefined) void this.#load(key);
    else void this.#explain(problem, (words) => words.explainAttributes(problem, this.#host.signer));
  }

  /** Tells the owner of a fault that users can do nothing about. */
  #report({ code, message }: Cause): void {
    // Of storage that is blocked, the engine tells by itself.
    if (!OWNERS.has(code) || code === 'blocked-by-network') return;
    const { siteKey, options } = this.#host;
    void this.#explain(`${message} (${code})`, ({ explain }) =>
      explain({ code, message }, siteKey, options.signer),
    );
  }

  /** The words come when they are needed; the code says enough without them. */
  async #explain(fallback: string, put: (words: typeof Words) => string | undefined): Promise<void> {
    const words = await import('./explain-setup.js').catch(() => undefined);
    this.#tellOwner((words && put(words)) ?? fallback);
  }

  async #load(key: string): Promise<void> {
    try {
      await this.#host.loadPolicy();
      if (key !== this.#checked) return;
      // What was added before could not start by itself.
      if (this.#wasBroken && !this.#host.isHeld) this.#host.start();
      this.#wasBroken = false;
      this.#host.policyLoaded();
    } catch (error) {
      if (error instanceof UploadError && key === this.#checked) {
        this.#isBroken = OWNERS.has(error.code);
        this.#report(error);
      }
    }
    this.#host.requestUpdate();
  }

  #tellOwner(problem: string): void {
    if (this.#said === problem) return;
    this.#said = problem;
    console.error(`<b2-uploader>: ${problem}`);
  }

  readonly #observeNetwork = (event?: Event): void => {
    const isOffline = !navigator.onLine;
    const { offline, online } = this.#host.language.strings;
    if (event && isOffline !== this.isOffline) this.#host.say(isOffline ? offline : online);
    this.isOffline = isOffline;
    this.#host.requestUpdate();
  };
}
