// "3 uploads were not finished. Resume them?": what an earlier visit left, and the two answers.
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import type { PickedFile } from '../engine/ports.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { UnfinishedUpload } from '../engine/uploader.js';
import { formatSize } from '../../server/rules/sizes.js';
import { nounOf, type Language } from './describe.js';
import { describeSent, formatPercent } from './describe-file.js';
import { closeIcon, resumeIcon } from './file-icons.js';
import { fileLanguage, type FileLanguage } from './file-language.js';
import { icon } from './icons.js';
import type { Narrator } from './narrate.js';
import { forgetUnfinished } from './unfinished-hint.js';
import type { UploaderController } from './uploader-controller.js';

export interface PromptHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
  readonly uploads: UploaderController;
  readonly siteKey: string;
  readonly multiple: boolean;
  readonly noResume: boolean;
  readonly isDisabled: boolean;
  open(): void;
  say(text: string): void;
}

/** Chromium only, and not in every list of types. */
interface AskableHandle extends FileSystemFileHandle {
  requestPermission?(wish: { readonly mode: 'read' }): Promise<PermissionState>;
}

const MAX_LINES = 4;

export class ResumePrompt implements ReactiveController {
  readonly #host: PromptHost;
  readonly #narrator: Narrator;
  #entries: readonly UnfinishedUpload[] = [];
  /** Entries whose handle did not open: the user chooses the file. */
  readonly #closed = new Set<string>();
  /** What could not be resumed. */
  #problem: string | undefined;
  #isWorking = false;
  /** The dialog was opened for one of the entries. */
  #isChoosing = false;
  /** What was chosen in it, and is no entry. */
  #other: string | undefined;

  constructor(host: PromptHost, narrator: Narrator) {
    this.#host = host;
    this.#narrator = narrator;
    host.addController(this);
    host.addEventListener('b2-add', ({ detail }) => this.#recognise(detail.file));
  }

  /** Nobody has answered for another document. */
  hostDisconnected(): void {
    this.#problem = undefined;
    this.#other = undefined;
  }

  /** Looks for unfinished uploads and shows them. */
  async ask(): Promise<void> {
    const { uploads, siteKey, multiple, noResume } = this.#host;
    if (noResume || uploads.list.fileCount > 0) return;
    const found = await uploads.engine.unfinished().catch(() => undefined);
    if (!found || !this.#host.isConnected) return;
    this.#show(multiple ? found : found.slice(0, 1));
    if (found.length === 0) forgetUnfinished(siteKey);
    else this.#host.say(this.#language.strings.unfinished(this.#entries.length));
  }

  render(): TemplateResult | typeof nothing {
    const count = this.#entries.length;
    const { strings } = this.#language;
    const problem = this.#renderProblem();
    if (count === 0) return problem;
    return html`<div part="resume" class="prompt" role="group" aria-labelledby="unfinished">
        <span class="mark" aria-hidden="true">${icon(resumeIcon)}</span>
        <div class="body">
          <div class="title" id="unfinished"><bdi>${strings.unfinished(count)}</bdi></div>
          ${this.#lines()}
          ${this.#other === undefined ? nothing : html`<div part="message" class="meta"><bdi>${strings.otherFile(this.#other)}</bdi></div>`}
        </div>
        <div class="choices">${this.#button('quiet', strings.discard, this.#discard)} ${this.#answer()}</div>
      </div>
      ${problem}`;
  }

  #renderProblem(): TemplateResult | typeof nothing {
    if (this.#problem === undefined) return nothing;
    const { strings } = this.#language;
    return html`<div class="prompt problem">
      <div class="body"><bdi part="message">${strings.notResumed(this.#problem)}</bdi></div>
      <button
        part="action"
        class="action remove"
        type="button"
        aria-label=${strings.dismissFile(this.#problem)}
        @click=${this.#dismiss}
      >
        ${icon(closeIcon)}
      </button>
    </div>`;
  }

  readonly #dismiss = (): void => {
    this.#problem = undefined;
    this.#host.requestUpdate();
  };

  #answer(): TemplateResult {
    const { strings } = this.#language;
    const isAuto = this.#entries.some((entry) => this.#opens(entry));
    const isMultiple = this.#host.multiple && this.#entries.length > 1;
    if (isAuto) return this.#button('secondary', strings.resume, this.#resume);
    return this.#button('secondary', strings.choose(nounOf([]), isMultiple), this.#choose);
  }

  /** While files are opened it only rests: a disabled button would lose the focus. */
  #button(look: string, text: string, act: () => unknown): TemplateResult {
    return html`<button
      part="action"
      class=${look}
      type="button"
      ?disabled=${this.#host.isDisabled}
      aria-disabled=${this.#isWorking ? 'true' : nothing}
      @click=${() => this.#isWorking || act()}
    >
      ${text}
    </button>`;
  }

  #lines(): TemplateResult {
    const language = this.#language;
    const { strings, locale } = language;
    // What needs no answer first.
    const sorted = this.#entries.toSorted((one, other) => +!this.#opens(one) - +!this.#opens(other));
    const more = sorted.length - MAX_LINES;
    const line = (entry: UnfinishedUpload): string => {
      const { name, size, sentBytes } = entry;
      const bytes = sentBytes > 0 ? describeSent(sentBytes, size, language) : formatSize(size, locale);
      if (this.#opens(entry)) return `${name} · ${bytes}`;
      return strings.chooseAgain(name, sentBytes > 0 ? formatPercent(sentBytes / size, locale) : '');
    };
    return html`<ul class="meta" role="list">
      ${sorted.slice(0, MAX_LINES).map((entry) => html`<li><bdi>${line(entry)}</bdi></li>`)}
      ${more > 0 ? html`<li>${strings.moreUnfinished(more)}</li>` : nothing}
    </ul>`;
  }

  /** It can go on without the user choosing the file. */
  #opens({ id, hasBytes, handle }: UnfinishedUpload): boolean {
    const askable: AskableHandle | undefined = handle;
    return hasBytes || (askable?.requestPermission !== undefined && !this.#closed.has(id));
  }

  readonly #resume = async (): Promise<void> => {
    this.#problem = undefined;
    // All within the click: browsers ask only in answer to one.
    const due = this.#entries
      .filter((entry) => this.#opens(entry))
      .map((entry) => ({ entry, opening: entry.hasBytes ? Promise.resolve(undefined) : openHandle(entry) }));
    this.#setWorking(true);
    let hasResumed = false;
    for (const { entry, opening } of due)
      hasResumed = (await this.#restore(entry, await opening)) || hasResumed;
    this.#setWorking(false);
    if (hasResumed) this.#narrator.resumed();
  };

  /** @returns Whether it goes on. */
  async #restore(entry: UnfinishedUpload, picked: PickedFile | undefined): Promise<boolean> {
    if (!picked && !entry.hasBytes) {
      this.#closed.add(entry.id);
      return false;
    }
    const { engine } = this.#host.uploads;
    const file = await engine.restore(entry.id, picked).catch(() => undefined);
    this.#show(this.#entries.filter(({ id }) => id !== entry.id));
    if (file) engine.start(file.id);
    else {
      this.#problem = entry.name;
      this.#host.say(this.#language.strings.notResumed(entry.name));
    }
    return file !== undefined;
  }

  readonly #choose = (): void => {
    this.#isChoosing = true;
    this.#host.open();
  };

  readonly #discard = async (): Promise<void> => {
    const ids = this.#entries.map(({ id }) => id);
    this.#problem = undefined;
    this.#show([]);
    if (ids.length === 0) return;
    this.#host.say(this.#language.strings.saidDiscarded);
    await this.#host.uploads.engine.discard(ids).catch(() => undefined);
    if (!this.#host.uploads.isBusy) forgetUnfinished(this.#host.siteKey);
  };

  /** A file that is chosen again goes on by itself. */
  #recognise({ name, size }: FileSnapshot): void {
    const entry = this.#entries.find((one) => one.name === name && one.size === size);
    if (entry) {
      this.#other = undefined;
      this.#show(this.#entries.filter((one) => one !== entry));
    } else if (this.#isChoosing && this.#entries.length > 0) {
      this.#other = name;
      this.#host.say(this.#language.strings.otherFile(name));
    }
    this.#isChoosing = false;
  }

  #show(entries: readonly UnfinishedUpload[]): void {
    this.#entries = entries;
    this.#host.requestUpdate();
  }

  #setWorking(isWorking: boolean): void {
    this.#isWorking = isWorking;
    this.#host.requestUpdate();
  }

  get #language(): FileLanguage {
    return fileLanguage(this.#host.language);
  }
}

async function openHandle({ handle }: UnfinishedUpload): Promise<PickedFile | undefined> {
  const askable: AskableHandle | undefined = handle;
  try {
    if ((await askable?.requestPermission?.({ mode: 'read' })) !== 'granted' || !handle) return undefined;
    return { file: await handle.getFile(), handle };
  } catch {
    // Refused, or the file is gone: it can still be chosen.
    return undefined;
  }
}
