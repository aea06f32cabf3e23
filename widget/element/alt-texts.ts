// Descriptions of pictures: which rows have a field for one, what may be sent without, and what is sent once it has one.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FileSnapshot } from '../engine/snapshot.js';
import { loadLater } from '../engine/upload-runner.js';
import { tileKind } from './describe-file.js';
import { fileLanguage } from './file-language.js';
import type { NarratorHost } from './narrate.js';
import type { Options } from './options.js';

export interface AltTextHost extends ReactiveControllerHost, NarratorHost {
  readonly options: Options;
  readonly noAuto: boolean;
  readonly isConnected: boolean;
  readonly isSetUp: boolean;
  readonly shadowRoot: ShadowRoot | null;
  filesStarted(count: number): void;
}

/** What a row shows of its picture's description. */
export interface AltField {
  readonly text: string;
  readonly isRequired: boolean;
  /** It is needed before the file is sent. */
  readonly isMissing: boolean;
  /** It went with the upload, and stays as it is. */
  readonly isFixed: boolean;
  /** The file itself said so, and nobody has looked at it yet. */
  readonly isFound: boolean;
}

const loadReader = loadLater(() => import('../image/preview/file-description.js'));

export class AltTexts implements ReactiveController {
  readonly #host: AltTextHost;
  readonly #seen = new Set<string>();
  readonly #confirmed = new Set<string>();
  readonly #started = new Set<string>();
  /** Files are read one after the other. */
  #reading: Promise<void> = Promise.resolve();

  constructor(host: AltTextHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What needs no description does not wait for one. */
  hostUpdated(): void {
    const { options, noAuto, isConnected, isSetUp, uploads } = this.#host;
    if (options.altText === 'off') return;
    const fresh = uploads.files.filter(({ id, status }) => status === 'queued' && !this.#seen.has(id));
    for (const { id } of fresh) this.#seen.add(id);
    const others = fresh.filter((file) => !isPicture(file));
    if (!noAuto && isConnected && isSetUp) this.#start(others);
    for (const file of fresh)
      if (isPicture(file)) this.#reading = this.#reading.then(() => this.#read(file)).catch(() => undefined);
    if (fresh.length > others.length) void this.#tellMissing();
  }

  /** Undefined for files that have none. */
  fieldOf(file: FileSnapshot): AltField | undefined {
    const { altText } = this.#host.options;
    if (altText === 'off' || !isPicture(file)) return undefined;
    const isFixed = file.isAltTextFixed || file.status === 'complete';
    return {
      text: file.altText,
      isRequired: altText === 'required',
      isMissing: this.#isMissing(file),
      isFixed,
      isFound: !isFixed && file.altText !== '' && !this.#confirmed.has(file.id),
    };
  }

  mayStart(file: FileSnapshot): boolean {
    return !this.#isMissing(file);
  }

  /** Pictures that need a description before they are sent. */
  get missingCount(): number {
    if (this.#host.options.altText !== 'required') return 0;
    return this.#host.uploads.files.filter((file) => this.#isMissing(file)).length;
  }

  /** Why the form may not be sent yet; empty when it may. */
  get missingText(): string {
    const count = this.missingCount;
    return count === 0 ? '' : fileLanguage(this.#host.language).strings.describeMissing(count);
  }

  /** As it is typed. */
  write(id: string, text: string): void {
    this.#confirmed.add(id);
    this.#host.uploads.engine.setAltText(id, text);
  }

  /** Typed to the end, or looked at: the file need not wait any longer. */
  commit(id: string): void {
    const { uploads } = this.#host;
    this.#confirmed.add(id);
    this.#host.requestUpdate();
    uploads.engine.setAltText(id, uploads.list.get(id)?.file?.altText.trim() ?? '');
    const file = uploads.list.get(id)?.file;
    if (file?.status === 'queued' && file.altText !== '' && !this.#host.noAuto) this.#start([file]);
  }

  /** What failed after it was described need not wait any longer, either, once it is tried again. */
  startDescribed(): void {
    const { uploads, noAuto, options } = this.#host;
    if (noAuto || options.altText === 'off') return;
    for (const { id, status, altText } of uploads.files)
      if (status === 'queued' && altText !== '' && this.#confirmed.has(id)) uploads.engine.start(id);
  }

  /** Leads to the first description that is missing. */
  askForMissing(): void {
    const { missingText } = this;
    if (missingText === '') return;
    this.#host.shadowRoot?.querySelector<HTMLInputElement>('.alt input[aria-invalid=true]')?.focus();
    this.#host.say(missingText);
  }

  /** What the file says is there to be looked at before it is sent. */
  async #read({ id }: FileSnapshot): Promise<void> {
    const { uploads } = this.#host;
    const source = uploads.source(id);
    const text = source && (await (await loadReader()).fileDescription(source));
    const file = uploads.list.get(id)?.file;
    if (text && file?.altText === '' && !this.#confirmed.has(id)) uploads.engine.setAltText(id, text);
  }

  #isMissing(file: FileSnapshot): boolean {
    const { altText } = this.#host.options;
    return (
      altText === 'required' && file.status === 'queued' && file.altText.trim() === '' && isPicture(file)
    );
  }

  /** Once the last of them was looked into: some describe themselves. */
  async #tellMissing(): Promise<void> {
    const reading = this.#reading;
    await reading;
    if (reading === this.#reading && this.missingText) this.#host.say(this.missingText);
  }

  /** Each is told once: a field that is left after Enter is committed twice. */
  #start(files: readonly FileSnapshot[]): void {
    const fresh = files.filter(({ id }) => !this.#started.has(id));
    for (const { id } of fresh) this.#started.add(id);
    for (const { id } of files) this.#host.uploads.engine.start(id);
    this.#host.filesStarted(fresh.length);
  }
}

function isPicture({ name, type }: FileSnapshot): boolean {
  return tileKind(name, type) === 'image';
}
