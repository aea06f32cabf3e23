// What an element needs once there are files: the list, the bar under it, and care for the page. Loaded with the first file, or a sign of one.
import { css, html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { FileSnapshot } from '../engine/snapshot.js';
import { loadRun } from '../engine/upload-runner.js';
import { remembers, type UploaderOptions } from '../engine/uploader-options.js';
import { altFieldStyles } from './alt-field.styles.js';
import { AltTexts } from './alt-texts.js';
import type { Language } from './describe.js';
import { dragStyles } from './drag-text.js';
import { fileLanguage } from './file-language.js';
import { FocusKeeper } from './focus-keeper.js';
import { ignoreRepeats } from './ignore-repeats.js';
import { Narrator } from './narrate.js';
import type { Options } from './options.js';
import { PageGuard } from './page-guard.js';
import { PreviewController } from './preview-controller.js';
import { promptStyles } from './resume-prompt.styles.js';
import { ResumePrompt } from './resume-prompt.js';
import { RowWindow } from './row-window.js';
import { summaryBar, type SummaryInput } from './summary-bar.js';
import { summaryStyles } from './summary-bar.styles.js';
import { itemStyles } from './upload-item.styles.js';
import { uploadList, type ListInput } from './upload-list.js';
import type { Row } from './upload-rows.js';
import type { UploaderController } from './uploader-controller.js';

export { dragText } from './drag-text.js';
export { prepareLazily } from './lazy-prepare.js';

/** The element, as what is drawn for its files knows it. */
export interface FilesHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
  readonly uploads: UploaderController;
  readonly siteKey: string;
  readonly options: Options;
  readonly multiple: boolean;
  readonly noAuto: boolean;
  readonly noResume: boolean;
  readonly engineOptions: UploaderOptions;
  readonly isDisabled: boolean;
  /** Files wait for a command instead of for their turn. */
  readonly isHeld: boolean;
  /** A submit waits for the uploads. */
  readonly isHolding: boolean;
  readonly isOffline: boolean;
  /** Something can be sent. */
  readonly isSetUp: boolean;
  filesStarted(count: number): void;
  open(): void;
  start(): void;
  retry(id?: string): void;
  pause(id?: string): void;
  resume(id?: string): void;
  remove(id?: string): void;
  cancelSubmit(): void;
  say(text: string): void;
}

// Whoever points at the element is about to choose files. What fails now is loaded again when they are there.
const sending = loadRun();
sending.catch(() => undefined);

const filesStyles = css`
  ${itemStyles}
  ${altFieldStyles}
  ${summaryStyles}
  ${promptStyles}
  ${dragStyles}
`;

export class FilesView {
  readonly narrator: Narrator;
  readonly altTexts: AltTexts;
  readonly prompt: ResumePrompt;
  readonly #host: FilesHost;
  readonly #previews: PreviewController;
  readonly #window: RowWindow;

  constructor(host: FilesHost) {
    this.#host = host;
    const root = host.shadowRoot;
    const sheet = filesStyles.styleSheet;
    if (root && sheet) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      ignoreRepeats(root);
    }
    this.narrator = new Narrator(host);
    this.altTexts = new AltTexts(host);
    this.#previews = new PreviewController(host, host.uploads);
    this.#window = new RowWindow(host);
    this.prompt = new ResumePrompt(host, this.narrator);
    if (remembers(host.engineOptions))
      sending.then(({ openResumeStore }) => openResumeStore().open?.()).catch(() => undefined);
    host.addController(new FocusKeeper(host));
    host.addController(new PageGuard(host));
  }

  /** The snapshots with their thumbnails, as the page sees them. */
  withPreviews(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
    return this.#previews.addTo(files);
  }

  render(): TemplateResult {
    const { rows } = this.#host.uploads;
    return html`${this.prompt.render()}${rows.length > 0 ? this.#renderRows(rows) : nothing}`;
  }

  #renderRows(rows: readonly Row[]): TemplateResult {
    const input = this.#input(rows);
    const { isHolding, hasSummary } = input;
    const { strings } = input.language;
    const holding = isHolding ? html`<div class="meta holding">${strings.holding}</div>` : nothing;
    return html`${uploadList(input)} ${hasSummary ? summaryBar(input) : holding}`;
  }

  #input(rows: readonly Row[]): ListInput & SummaryInput {
    const host = this.#host;
    const { uploads, isHeld, isDisabled, isHolding } = host;
    return {
      rows,
      drawn: this.#window.cut(rows),
      language: fileLanguage(host.language),
      isHeld,
      isDisabled,
      isHolding,
      missingCount: this.altTexts.missingCount,
      hasSummary: host.multiple || host.noAuto,
      hasStored: uploads.hasStored,
      isBusy: uploads.isBusy,
      canStart: host.isSetUp,
      previewOf: (id) => this.#previews.urlOf(id),
      showTile: this.#previews.showTile,
      remove: this.#remove,
      retry: (id) => host.retry(id),
      pause: (id) => host.pause(id),
      resume: (id) => host.resume(id),
      altOf: (file) => this.altTexts.fieldOf(file),
      writeAltText: (id, text) => this.altTexts.write(id, text),
      commitAltText: (id) => this.altTexts.commit(id),
      start: this.#start,
      cancel: this.#cancel,
      dismiss: () => uploads.dismissRefusals(),
    };
  }

  readonly #start = (): void => {
    this.#host.start();
    this.altTexts.askForMissing();
  };

  readonly #remove = (row: Row): void => {
    this.#host.remove(row.id);
    this.narrator.removed((row.file ?? row.refusal).name);
  };

  readonly #cancel = (): void => {
    this.#host.cancelSubmit();
    this.#host.uploads.cancel();
    this.narrator.cancelled();
  };
}
