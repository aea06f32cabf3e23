// Loads what draws files when a file is near: a pointer, the focus or a drag over the element, or a file itself.
import { nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type * as FilesView from './files-view.js';

// Some five screens: what is below can wait a frame, so that a thousand files do not stop the page.
const ROWS_PER_FRAME = 100;

/** Shared by all elements of the page. */
let view: typeof FilesView | undefined;

export class LazyFilesView implements ReactiveController {
  /** The code did not arrive. */
  isMissing = false;
  readonly #host: ReactiveControllerHost & HTMLElement;
  #loading: Promise<typeof FilesView | undefined> | undefined;
  #isStyled = false;
  #drawn = ROWS_PER_FRAME;
  #isDrawing = false;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    const prepare = (): void => void this.load();
    for (const sign of ['pointerenter', 'focusin', 'dragenter'])
      host.addEventListener(sign, prepare, { once: true });
  }

  hostConnected(): void {
    this.#style();
  }

  render(input: Omit<FilesView.FilesInput, 'drawnRows'>): TemplateResult | typeof nothing {
    if (!view) {
      void this.load();
      return nothing;
    }
    if (input.rows.length > this.#drawn) this.#drawMore();
    return view.renderFiles({ ...input, drawnRows: input.rows.slice(0, this.#drawn) });
  }

  /** Settles when files can be drawn, or when the code did not arrive; the next file tries again. */
  load(): Promise<typeof FilesView | undefined> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<typeof FilesView | undefined> {
    try {
      view ??= await import('./files-view.js');
      this.isMissing = false;
    } catch (cause) {
      this.isMissing = true;
      this.#loading = undefined;
      console.error('<b2-uploader>: a part of the script did not load.', cause);
    }
    this.#style();
    this.#host.requestUpdate();
    return view;
  }

  #drawMore(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#drawn += ROWS_PER_FRAME;
      this.#host.requestUpdate();
    });
  }

  #style(): void {
    const root = this.#host.shadowRoot;
    const sheet = view?.filesStyles.styleSheet;
    if (!root || !sheet || this.#isStyled) return;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.#isStyled = true;
  }
}
