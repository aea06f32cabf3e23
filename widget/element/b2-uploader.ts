// <b2-uploader>: attributes in, events and a form value out; draws what the engine says.
import { html, LitElement, type TemplateResult } from 'lit';
import type { SitePolicy } from '../../server/protocol.js';
import type { Restrictions } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { Uploader, type UploaderOptions, type UploaderPorts } from '../engine/uploader.js';
import { Announcer } from './announcer.js';
import { narrow, nounOf } from './describe.js';
import { DropController, type DropTarget } from './drop-controller.js';
import { dropZone } from './drop-zone.js';
import { FieldElement } from './field-element.js';
import { FileDialog } from './file-dialog.js';
import type { FilesHost } from './files-view.js';
import { findInvalidity, type Invalidity } from './form-value.js';
import { LazyFilesView, prepareLater } from './lazy-files-view.js';
import { toPicked, type Dropped } from './read-drop.js';
import { readKeys } from './read-hint.js';
import { SetupController, type SetupHost } from './setup-controller.js';
import { themeStyles } from './theme.styles.js';
import { UploaderController, type UploaderHost } from './uploader-controller.js';
import { uploaderStyles } from './uploader.styles.js';

/**
 * Takes files by dialog, drop or paste and sends them straight into the site's bucket; a field of its form.
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
 * @csspart alt-text - Field for the description of a picture.
 * @csspart action - Any other button or link.
 * @csspart summary - Bar under the list.
 * @csspart resume - Card that offers to resume uploads of an earlier visit.
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
 * @cssstate busy - Files are being sent, or wait for the network.
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
export class B2Uploader extends FieldElement implements UploaderHost, SetupHost, DropTarget, FilesHost {
  static override readonly shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override readonly styles = [themeStyles, uploaderStyles];
  /** Makes the engine; tests put another in its place. */
  static createUploader = (options: UploaderOptions, ports: Partial<UploaderPorts>): Uploader =>
    new Uploader(options, { prepare: prepareLater, ...ports });

  /** @internal */
  readonly uploads = new UploaderController(this, (...of) => B2Uploader.createUploader(...of));
  readonly #setup = new SetupController(this);
  readonly #announcer = new Announcer(this);
  readonly #files = new LazyFilesView(this);
  readonly #dialog = new FileDialog(this);
  readonly #drop = new DropController(this, this);

  /** Frozen snapshots of the listed files, in order. */
  get files(): readonly FileSnapshot[] {
    const { files } = this.uploads;
    return this.#files.view?.withPreviews(files) ?? files;
  }

  /** One string per finished file, in `value-format`. */
  get value(): readonly string[] {
    return this.uploads.list.values(this.options.valueFormat);
  }

  /** 0…1 of all bytes. */
  get progress(): number {
    return this.uploads.progress;
  }

  /** @internal */
  get isSetUp(): boolean {
    return !this.#setup.isBroken;
  }

  /** @internal */
  get isHeld(): boolean {
    const waits = this.noAuto || this.options.altText !== 'off';
    return (waits && !this.isHolding) || !this.isConnected || !this.isSetUp;
  }

  /** @internal */
  get isPending(): boolean {
    return this.uploads.isPending || (this.isSetUp && this.uploads.list.count('queued') > 0);
  }

  /** @internal */
  get isBusy(): boolean {
    return this.uploads.isBusy;
  }

  /** @internal */
  get isOffline(): boolean {
    return this.#setup.isOffline;
  }

  /** @internal */
  get invalidity(): Invalidity | undefined {
    const { list } = this.uploads;
    const facts = {
      customMessage: this.customMessage,
      missingText: this.#files.view?.altTexts.missingText ?? '',
      isWaitedFor: this.uploads.isPending,
      isBroken: !this.isSetUp,
      isRequired: this.required,
      minFiles: this.options.minFiles,
      count: list.fileCount,
      storedCount: list.count('complete'),
      failedCount: list.count('failed'),
      noun: () => nounOf(this.#limits.accept ?? []),
    };
    return findInvalidity(facts, this.language.strings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.isHeld) this.uploads.start();
  }

  /** Includes what draws the files, when there are some. */
  protected override async getUpdateComplete(): Promise<boolean> {
    this.uploads.flush();
    if (this.uploads.rows.length > 0) await this.#files.load();
    return super.getUpdateComplete();
  }

  override updated(): void {
    const { list } = this.uploads;
    this.setStates({
      dragover: this.#drop.drag?.isOver ?? false,
      busy: this.isBusy,
      complete: list.fileCount > 0 && list.count('complete') === list.fileCount,
      invalid: this.shownInvalidity !== '',
      offline: this.isOffline,
      disabled: this.isDisabled,
    });
  }

  /** Opens the file dialog; browsers ask for a click or a key press first. */
  open(): void {
    this.#dialog.open();
  }

  /** Takes files as if they had been chosen. */
  add(files: Iterable<File>): void {
    this.take({ picked: Array.from(files, toPicked), refusedFolders: [] });
  }

  /** Sends what waits for a command. */
  start(): void {
    this.filesStarted(this.uploads.list.count('queued'));
    this.uploads.start();
  }

  /** Stops sending a file, or all; what was sent stays, and `resume()` goes on from there. */
  pause(id?: string): void {
    const before = this.uploads.list.count('paused');
    this.uploads.engine.pause(id);
    if (this.uploads.list.count('paused') > before) this.#files.narrate((narrator) => narrator.paused(id));
  }

  /** Goes on with a paused file, or all of them. */
  resume(id?: string): void {
    const before = this.uploads.list.count('paused');
    this.uploads.engine.resume(id);
    if (this.uploads.list.count('paused') < before) this.#files.narrate((narrator) => narrator.resumed(id));
  }

  /** Tries a failed file again, or all that failed; what failed before it was started only waits again. */
  retry(id?: string): void {
    const count = id === undefined ? this.uploads.list.count('failed') : 1;
    this.uploads.engine.retry(id);
    this.#files.view?.altTexts.startDescribed();
    if (this.isBusy) this.filesStarted(count);
    this.formState.sync();
  }

  /** Takes a file off the list and stops it; without an id, takes the element out of its document as ever. */
  override remove(id?: string): void {
    if (id === undefined) super.remove();
    else this.uploads.remove(id);
  }

  /** Puts a file into another place of the list, from 0 up; the value follows. */
  move(id: string, index: number): void {
    this.uploads.engine.move(id, index);
  }

  /** Empties the list. */
  clear(): void {
    this.uploads.clear({ isSilent: false });
  }

  /** @internal */
  mayStart(file: FileSnapshot): boolean {
    return this.options.altText !== 'required' || this.#files.view?.altTexts.mayStart(file) === true;
  }

  /** @internal */
  loadPolicy(): Promise<SitePolicy> {
    return this.uploads.engine.loadPolicy();
  }

  /** @internal */
  policyLoaded(): void {
    if (!this.noResume && readKeys().includes(this.siteKey)) this.#files.askForUnfinished();
  }

  /** @internal */
  take(dropped: Dropped): void {
    this.uploads.add(dropped);
  }

  /** @internal */
  filesStarted(count: number, isHeld?: boolean): void {
    this.#files.narrate((narrator) => narrator.started(count, isHeld));
  }

  /** @internal */
  say(text: string): void {
    this.#announcer.say(text);
  }

  protected override formReset(): void {
    this.cancelSubmit();
    this.uploads.clear({ isSilent: true });
  }

  get #limits(): Restrictions {
    return narrow(this.options.restrictions, this.uploads.policy);
  }

  protected override render(): TemplateResult {
    const message = this.#message;
    return html`${this.#renderZone()}
      <div part="message" id="message" class="notice" ?hidden=${message === ''}>${message}</div>
      ${this.#files.render()} ${this.#dialog.render(this.#limits.accept ?? [])} ${this.#announcer.render()}`;
  }

  get #message(): string {
    const { strings } = this.language;
    if (!this.isSetUp) return strings.misconfigured;
    // Files that wait say it themselves.
    const isSilent = !this.isOffline || this.uploads.list.count('waiting') > 0;
    return this.shownInvalidity || this.notice || (isSilent ? '' : strings.offline);
  }

  #renderZone(): TemplateResult {
    return dropZone({
      limits: this.#limits,
      language: this.language,
      drag: this.#drop.drag,
      dragText: this.#files.dragText,
      isMultiple: this.multiple,
      isDisabled: this.isDisabled,
      isRequired: this.required,
      isSlim: this.uploads.rows.length > 0,
      hasInvitation: this.#dialog.hasInvitation,
      opensFolders: this.directory,
      open: this.#dialog.openFromZone,
      openFolder: this.#dialog.openFolder,
      slotted: this.#dialog.readSlot,
    });
  }
}
