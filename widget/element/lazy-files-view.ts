// Loads what draws files when a file is near: a pointer, the focus or a drag over the element, or a file itself.
import { nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type * as FilesView from './files-view.js';

/** Shared by all elements of the page. */
let view: typeof FilesView | undefined;

export class LazyFilesView implements ReactiveController {
  /** The code did not arrive. */
  isMissing = false;
  readonly #host: ReactiveControllerHost & HTMLElement;
  #loading: Promise<typeof FilesView | undefined> | undefined;
  #isStyled = false;

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

  render(input: FilesView.FilesInput): TemplateResult | typeof nothing {
    if (view) return view.renderFiles(input);
    void this.load();
    return nothing;
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

  #style(): void {
    const root = this.#host.shadowRoot;
    const sheet = view?.filesStyles.styleSheet;
    if (!root || !sheet || this.#isStyled) return;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.#isStyled = true;
  }
}
