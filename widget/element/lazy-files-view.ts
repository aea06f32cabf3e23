// Loads what draws files when a file is near: a pointer, the focus or a drag over the element, or a file itself.
import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { Prepare } from '../engine/ports.js';
import { loadLater } from '../engine/upload-runner.js';
import type * as FilesCode from './files-view.js';
import type { Narrator } from './narrate.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const IDLE_MS = 500;

/** Shared by all elements of the page. */
let code: typeof FilesCode | undefined;

export class LazyFilesView implements ReactiveController {
  /** Loads the code; tests put another in its place. */
  static loadCode = (): Promise<typeof FilesCode> => import('./files-view.js');

  /** Draws the files of this element, once the code is there. */
  view: FilesCode.FilesView | undefined;
  readonly #host: FilesCode.FilesHost;
  #loading: Promise<FilesCode.FilesView | undefined> | undefined;
  /** The code did not arrive. */
  #isMissing = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: FilesCode.FilesHost) {
    this.#host = host;
    host.addController(this);
    const prepare = (): void => void this.load();
    for (const sign of ['pointerenter', 'focusin', 'dragenter'])
      host.addEventListener(sign, prepare, { once: true });
    // What became of files is put into words by code that comes with the first of them.
    for (const type of ['b2-error', 'b2-reject', 'b2-complete'] as const)
      host.addEventListener(type, (event) => this.narrate((narrator) => narrator.hear(event)));
  }

  hostConnected(): void {
    window.addEventListener('online', this.#retry);
    this.#retry();
    this.#prepare();
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#retry);
    clearTimeout(this.#timer);
  }

  /** What a drag may expect; from a drag's code on. */
  get dragText(): typeof FilesCode.dragText | undefined {
    return code?.dragText;
  }

  narrate(act: (narrator: Narrator) => void): void {
    void this.load().then((view) => view && act(view.narrator));
  }

  /** Asks for uploads of an earlier visit, once the page has nothing better to do. */
  askForUnfinished(): void {
    const ask = (): void => void this.load().then((view) => view?.prompt.ask());
    if ('requestIdleCallback' in window) requestIdleCallback(ask, { timeout: IDLE_MS * 4 });
    else setTimeout(ask, IDLE_MS);
  }

  render(): TemplateResult | typeof nothing {
    if (this.view) return this.view.render();
    if (this.#host.uploads.rows.length === 0) return nothing;
    void this.load();
    const { strings } = this.#host.language;
    return html`<div class="notice" ?hidden=${!this.#isMissing}>
      <span part="message">${strings.errorRetryable}</span>
      <button part="action" class="secondary" type="button" @click=${this.#retry}>${strings.retry}</button>
    </div>`;
  }

  /** Settles when files can be drawn, or when the code did not arrive; then it is tried again, in growing pauses. */
  load(): Promise<FilesCode.FilesView | undefined> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<FilesCode.FilesView | undefined> {
    try {
      code ??= await LazyFilesView.loadCode();
    } catch (cause) {
      if (!this.#isMissing) console.error('<b2-uploader>: a part of the script did not load.', cause);
      this.#isMissing = true;
      this.#timer = setTimeout(this.#retry, this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.#prepare();
    this.#host.requestUpdate();
    return this.view;
  }

  readonly #retry = (): void => {
    clearTimeout(this.#timer);
    if (!this.#isMissing || code) return;
    this.#loading = undefined;
    void this.load();
  };

  #prepare(): void {
    if (code && this.#host.shadowRoot) this.view ??= new code.FilesView(this.#host);
  }
}

const loadCode = loadLater(() => LazyFilesView.loadCode());

/** The engine's `prepare` port, which comes with the same code. */
export const prepareLater: Prepare = async (...of) => (await loadCode()).prepareLazily(...of);
