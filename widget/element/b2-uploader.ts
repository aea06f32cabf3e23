// <b2-uploader>: attributes in, events and a form value out; draws what the engine says.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { SitePolicy } from '../../server/protocol.js';
import type { Restrictions } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { Uploader, type UploaderOptions, type UploaderPorts } from '../engine/uploader.js';
import { Announcer, type AnnouncerHost } from './announcer.js';
import { narrow, nounOf } from './describe.js';
import { DropController, type DropTarget } from './drop-controller.js';
import { dropZone } from './drop-zone.js';
import { FieldElement } from './field-element.js';
import { FileDialog } from './file-dialog.js';
import { findInvalidity, formValues, type Invalidity } from './form-value.js';
import { LazyFilesView } from './lazy-files-view.js';
import { prepareLazily } from './lazy-prepare.js';
import { toPicked, type Dropped } from './read-drop.js';
import { SetupController, type SetupHost } from './setup-controller.js';
import { themeStyles } from './theme.styles.js';
import { UploaderController, type Row, type UploaderHost } from './uploader-controller.js';
import { uploaderStyles } from './uploader.styles.js';

/**
 * Takes files by dialog, drop or paste and sends them straight into the site's bucket; a field of its form.
 *
 * @tag b2-uploader
 * @slot - Invitation shown in the drop area; a file input placed here is the fallback without script.
 * @slot icon - Picture in the drop area.
 * @slot button - Label of the button that opens the file dialog.
 * @slot hint - Line under the invitation; default: the limits in words.
 * @csspart dropzone - Area that accepts files.
 * @csspart button - Button that opens the file dialog.
 * @csspart list - List of files.
 * @csspart item - One file.
 * @csspart preview - Thumbnail or type tile of a file.
 * @csspart name - Name of a file.
 * @csspart size - Size of a file.
 * @csspart status - State of a file in words.
 * @csspart progress - Progress bar, of a file or of all.
 * @csspart action - Any other button or link.
 * @csspart summary - Bar under the list.
 * @csspart message - Sentence that says what went wrong.
 * @cssproperty [--b2-accent=#4553d8] - Colour of the main button, progress and focus.
 * @cssproperty [--b2-on-accent=#fff] - Colour of text on the accent.
 * @cssproperty [--b2-surface=#fff] - Ground of rows and bars.
 * @cssproperty [--b2-text=#17191f] - Colour of text.
 * @cssproperty [--b2-muted=#5b6270] - Colour of secondary text.
 * @cssproperty [--b2-border=#e3e5ea] - Colour of hairlines.
 * @cssproperty [--b2-danger=#c0272d] - Colour of failures.
 * @cssproperty [--b2-success=#15773c] - Colour of finished files.
 * @cssproperty [--b2-radius=12px] - Radius of areas and rows; controls follow it.
 * @cssproperty [--b2-gap=8px] - Space between rows.
 * @cssproperty [--b2-font=inherit] - Font family.
 * @cssstate dragover - Files are dragged over the element.
 * @cssstate busy - Files are being sent.
 * @cssstate complete - Every file is stored.
 * @cssstate invalid - The form was refused because of this field.
 * @cssstate offline - The browser has no network.
 * @cssstate disabled - By its attribute or by a fieldset.
 * @fires {UploadAddEvent} b2-add - Before a file is taken; cancelable.
 * @fires {UploadRejectEvent} b2-reject - A file was refused.
 * @fires {UploadStartEvent} b2-start - Before a file is sent; cancelable.
 * @fires {UploadProgressEvent} b2-progress - More bytes were sent.
 * @fires {UploadSuccessEvent} b2-success - A file is stored.
 * @fires {UploadErrorEvent} b2-error - A file failed.
 * @fires {UploadRemoveEvent} b2-remove - A file left the list.
 * @fires {UploadCompleteEvent} b2-complete - Nothing is left to do.
 * @fires {Event} input - The value changed.
 * @fires {Event} change - The value changed.
 */
export class B2Uploader extends FieldElement implements UploaderHost, SetupHost, DropTarget, AnnouncerHost {
  static override readonly shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override readonly styles = [themeStyles, uploaderStyles];
  /** Makes the engine; tests put another in its place. */
  static createUploader = (options: UploaderOptions, ports: Partial<UploaderPorts>): Uploader =>
    new Uploader(options, { prepare: prepareLazily, ...ports });

  readonly #uploads = new UploaderController(this, (...of) => B2Uploader.createUploader(...of));
  readonly #setup = new SetupController(this);
  readonly #view = new LazyFilesView(this, this.#uploads);
  readonly #announcer = new Announcer(this, this.#view);
  readonly #dialog = new FileDialog(this);
  readonly #drop = new DropController(this, this);

  /** Frozen snapshots of the listed files, in order. */
  get files(): readonly FileSnapshot[] {
    return Object.freeze(this.#uploads.files.map((file) => this.#view.previews?.addTo(file) ?? file));
  }

  /** One string per finished file, in `value-format`. */
  get value(): readonly string[] {
    return Object.freeze(formValues(this.#uploads.files, this.options.valueFormat));
  }

  /** 0…1 of all bytes. */
  get progress(): number {
    return this.#uploads.progress;
  }

  /** @internal */
  get opensFolders(): boolean {
    return this.directory;
  }

  /** @internal */
  get isHeld(): boolean {
    const isWaiting = this.noAuto && !this.formState.isHolding;
    return isWaiting || !this.isConnected || this.#setup.isBroken;
  }

  /** @internal */
  get isPending(): boolean {
    return this.isBusy || (!this.#setup.isBroken && this.#count('queued') > 0);
  }

  /** @internal */
  get isBusy(): boolean {
    return this.#uploads.isBusy;
  }

  /** @internal */
  get hasStored(): boolean {
    return this.#uploads.hasStored;
  }

  /** @internal */
  get invalidity(): Invalidity | undefined {
    const { customMessage, isBusy, required: isRequired } = this;
    const { minFiles } = this.options;
    const { isBroken } = this.#setup;
    const { files } = this.#uploads;
    const noun = nounOf(this.#limits.accept ?? []);
    const facts = { customMessage, isBusy, isBroken, isRequired, files, noun, minFiles };
    return findInvalidity(facts, this.language.strings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.isHeld) this.#uploads.start();
  }

  /** Includes what draws the files, when there are some. */
  protected override async getUpdateComplete(): Promise<boolean> {
    if (this.#uploads.rows.length > 0) await this.#view.load();
    return super.getUpdateComplete();
  }

  override updated(): void {
    const files = this.#uploads.files;
    this.setStates({
      dragover: this.#drop.drag?.isOver ?? false,
      busy: this.isBusy,
      complete: files.length > 0 && files.every(({ status }) => status === 'complete'),
      invalid: this.shownInvalidity !== '',
      offline: this.#setup.isOffline,
      disabled: this.isDisabled,
    });
  }

  /** Opens the file dialog; browsers ask for a click or a key press first. */
  open(): void {
    this.#dialog.open();
  }

  /** Takes files as if they had been chosen. */
  add(files: Iterable<File>): void {
    this.take({ picked: [...files].map(toPicked), refusedFolders: [] });
  }

  /** Sends what waits. */
  start(): void {
    this.#announcer.started(this.#count('queued'));
    this.#uploads.start();
  }

  /** Tries a failed file again, or all that failed. */
  retry(id?: string): void {
    this.#announcer.started(id === undefined ? this.#count('failed') : 1);
    this.#uploads.retry(id);
    this.formState.sync();
  }

  /** Takes a file off the list and stops it; without an id, takes the element out of its document as ever. */
  override remove(id?: string): void {
    if (id === undefined) super.remove();
    else this.#uploads.remove(id);
  }

  /** Empties the list. */
  clear(): void {
    this.#uploads.clear({ isSilent: false });
  }

  /** @internal */
  loadPolicy(): Promise<SitePolicy> {
    return this.#uploads.loadPolicy();
  }

  /** @internal */
  take(dropped: Dropped): void {
    const { added } = this.#uploads.add(dropped);
    if (!this.isHeld) this.#announcer.started(added.length);
  }

  /** @internal */
  filesChanged({ isSilent }: { readonly isSilent: boolean }): void {
    this.notice = '';
    const isChanged = this.formState.sync();
    this.#view.previews?.keep(this.#uploads.files);
    if (!isChanged || isSilent) return;
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** @internal */
  say(text: string): void {
    this.#announcer.say(text);
  }

  protected override formReset(): void {
    this.cancelSubmit();
    this.#uploads.clear({ isSilent: true });
  }

  readonly #cancelAll = (): void => {
    this.cancelSubmit();
    for (const { id, status } of this.#uploads.files) {
      if (status !== 'complete' && status !== 'failed') this.remove(id);
    }
    this.#announcer.say(this.language.strings.saidCancelled);
  };

  readonly #removeRow = (row: Row): void => {
    const name = (row.file ?? row.refusal).name;
    this.remove(row.id);
    this.#announcer.say(this.language.strings.saidRemoved(name));
  };

  get #limits(): Restrictions {
    return narrow(this.options.restrictions, this.#uploads.policy);
  }

  #count(status: FileSnapshot['status']): number {
    return this.#uploads.files.filter((file) => file.status === status).length;
  }

  protected override render(): TemplateResult {
    const message = this.#message;
    return html`${this.#renderZone()}
      <div part="message" id="message" class="notice" ?hidden=${message === ''}>${message}</div>
      ${this.#uploads.rows.length > 0 ? this.#renderFiles() : nothing}
      ${this.#dialog.render(this.#limits.accept ?? [])} ${this.#announcer.render()}`;
  }

  get #message(): string {
    const { strings } = this.language;
    if (this.#setup.isBroken) return strings.misconfigured;
    return this.shownInvalidity || this.notice || (this.#setup.isOffline ? strings.offline : '');
  }

  #renderZone(): TemplateResult {
    return dropZone({
      limits: this.#limits,
      language: this.language,
      drag: this.#drop.drag,
      isMultiple: this.multiple,
      isDisabled: this.isDisabled,
      isRequired: this.required,
      isSlim: this.#uploads.rows.length > 0,
      hasInvitation: this.#dialog.hasInvitation,
      opensFolders: this.directory,
      open: this.#dialog.openFromZone,
      openFolder: this.#dialog.openFolder,
      slotted: this.#dialog.readSlot,
    });
  }

  #renderFiles(): TemplateResult {
    return this.#view.render({
      rows: this.#uploads.rows,
      isBusy: this.isBusy,
      hasStored: this.hasStored,
      language: this.language,
      isHeld: this.isHeld,
      isDisabled: this.isDisabled,
      canStart: !this.#setup.isBroken,
      isHolding: this.formState.isHolding,
      hasSummary: this.multiple || this.noAuto,
      progress: this.progress,
      remove: this.#removeRow,
      retry: (id) => this.retry(id),
      start: () => this.start(),
      cancel: this.#cancelAll,
      retryAll: () => this.retry(),
      dismiss: () => this.#uploads.dismissRefusals(),
    });
  }
}
