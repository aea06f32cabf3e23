// Loads what draws files when a file is near: a pointer, the focus or a drag over the element, or a file itself.
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Language } from './describe.js';
import type * as FilesView from './files-view.js';
import type { PreviewController, PreviewSource } from './preview-controller.js';

// Some five screens: what is below can wait a frame, so that a thousand files do not stop the page.
const ROWS_PER_FRAME = 100;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface FilesHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
}

/** Shared by all elements of the page. */
let view: typeof FilesView | undefined;

export class LazyFilesView implements ReactiveController {
  /** Loads the code; tests put another in its place. */
  static loadCode = (): Promise<typeof FilesView> => import('./files-view.js');

  /** Thumbnails; there are none before there is a list to show them in. */
  previews: PreviewController | undefined;
  readonly #host: FilesHost;
  readonly #source: PreviewSource;
  #loading: Promise<typeof FilesView | undefined> | undefined;
  /** The code did not arrive. */
  #isMissing = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawn = ROWS_PER_FRAME;
  #isDrawing = false;

  constructor(host: FilesHost, source: PreviewSource) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
    const prepare = (): void => void this.load();
    for (const sign of ['pointerenter', 'focusin', 'dragenter'])
      host.addEventListener(sign, prepare, { once: true });
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

  render(input: Omit<FilesView.FilesInput, 'drawnRows' | 'previewOf' | 'showTile'>): TemplateResult {
    const { previews } = this;
    if (!view || !previews) {
      void this.load();
      const { strings } = this.#host.language;
      return html`<div class="notice" ?hidden=${!this.#isMissing}>
        <span part="message">${strings.errorRetryable}</span>
        <button part="action" class="secondary" type="button" @click=${this.#retry}>${strings.retry}</button>
      </div>`;
    }
    if (input.rows.length > this.#drawn) this.#drawMore();
    const drawnRows = input.rows.slice(0, this.#drawn);
    return view.renderFiles({
      ...input,
      drawnRows,
      previewOf: (id) => previews.urlOf(id),
      showTile: previews.showTile,
    });
  }

  /** Settles when files can be drawn, or when the code did not arrive; then it is tried again, in growing pauses. */
  load(): Promise<typeof FilesView | undefined> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<typeof FilesView | undefined> {
    try {
      view ??= await LazyFilesView.loadCode();
    } catch (cause) {
      if (!this.#isMissing) console.error('<b2-uploader>: a part of the script did not load.', cause);
      this.#isMissing = true;
      this.#timer = setTimeout(this.#retry, this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.#prepare();
    this.#host.requestUpdate();
    return view;
  }

  readonly #retry = (): void => {
    clearTimeout(this.#timer);
    if (!this.#isMissing || view) return;
    this.#loading = undefined;
    void this.load();
  };

  #drawMore(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#drawn += ROWS_PER_FRAME;
      this.#host.requestUpdate();
    });
  }

  /** What comes with the code besides drawing: styles, thumbnails, and care for the keyboard. */
  #prepare(): void {
    const root = this.#host.shadowRoot;
    const sheet = view?.filesStyles.styleSheet;
    if (!view || !root || !sheet || this.previews) return;
    this.previews = new view.PreviewController(this.#host, this.#source);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    view.ignoreRepeats(root);
    this.#host.addController(new view.FocusKeeper(this.#host));
  }
}
