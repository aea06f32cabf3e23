// The engine behind the element: its files and refusals as rows, its changes as events and renders.
import type { LitElement, ReactiveController } from 'lit';
import type { SitePolicy } from '../../server/protocol.js';
import type { PickedFile } from '../engine/ports.js';
import { findRejection, isRefusal, policyRestrictions, type Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { UploadChangeEvent, UploadIdleEvent } from '../engine/upload-events.js';
import type { UploadFailure } from '../engine/upload-state.js';
import type { Uploader, UploaderOptions, UploaderPorts } from '../engine/uploader.js';
import * as events from './events.js';
import type { Dropped } from './read-drop.js';

/** One line of the list: a file, or one that was refused. */
export type Row =
  | { readonly id: string; readonly file: FileSnapshot; readonly refusal?: undefined }
  | { readonly id: string; readonly file?: undefined; readonly refusal: Refusal };

export interface Refusal extends Rejection {
  /** How many files this stands for. */
  readonly count: number;
}

export type CreateUploader = (options: UploaderOptions, ports: Partial<UploaderPorts>) => Uploader;

export interface UploaderHost extends LitElement {
  readonly multiple: boolean;
  /** Nothing is sent by itself: `no-auto`, no connection to a page, or not set up. */
  readonly isHeld: boolean;
  readonly engineOptions: UploaderOptions;
  /** A file changed its status, came or went; `isSilent` when the form was reset. */
  filesChanged(change: { readonly isSilent: boolean }): void;
  /** A file that was under way is refused by its site. */
  refusedLate(): void;
}

// Dropping 300 files where 10 are taken needs no 290 lines.
const MAX_SAME_REFUSALS = 3;

export class UploaderController implements ReactiveController {
  /** A file has been stored. */
  hasStored = false;
  readonly #host: UploaderHost;
  readonly #createUploader: CreateUploader;
  readonly #rows = new Map<string, Row>();
  #uploader: Uploader | undefined;
  #isQuiet = false;
  #isSilent = false;
  #frame = 0;
  #nextRefusal = 0;

  constructor(host: UploaderHost, createUploader: CreateUploader) {
    this.#host = host;
    this.#createUploader = createUploader;
    host.addController(this);
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  hostUpdate(): void {
    this.#uploader?.configure(this.#host.engineOptions);
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  get files(): readonly FileSnapshot[] {
    return this.rows.flatMap((row) => row.file ?? []);
  }

  get refusals(): readonly Row[] {
    return this.rows.filter((row) => row.refusal);
  }

  get policy(): SitePolicy | undefined {
    return this.#uploader?.policy;
  }

  get isBusy(): boolean {
    return this.#uploader?.busy ?? false;
  }

  get progress(): number {
    return this.#uploader?.progress ?? 0;
  }

  source(id: string): File | undefined {
    return this.#uploader?.source(id);
  }

  loadPolicy(): Promise<SitePolicy> {
    return this.#engine.loadPolicy();
  }

  /** Takes or refuses files, one after the other, then starts what may start. */
  add({ picked, refusedFolders }: Dropped): { added: FileSnapshot[]; refused: Rejection[] } {
    // Attributes may have changed since the last render.
    this.#uploader?.configure(this.#host.engineOptions);
    const outcome = { added: [] as FileSnapshot[], refused: [] as Rejection[] };
    for (const { name, code } of refusedFolders) {
      outcome.refused.push({ name, size: 0, type: '', code, message: 'A folder was dropped.' });
    }
    for (const [index, file] of picked.entries()) {
      const result = this.#host.multiple ? this.#addOne(file) : this.#replaceBy(file, index);
      if (!result) continue;
      if ('code' in result) outcome.refused.push(result);
      else outcome.added.push(result);
    }
    this.#refuse(outcome.refused);
    this.#host.requestUpdate();
    if (outcome.added.length > 0) this.#host.filesChanged({ isSilent: false });
    if (!this.#host.isHeld) this.start();
    return outcome;
  }

  start(): void {
    if (this.#rows.size > 0) this.#engine.start();
  }

  retry(id?: string): void {
    this.#engine.retry(id);
  }

  /** Takes a file or a refusal off the list. */
  remove(id: string): void {
    if (this.#rows.get(id)?.refusal) {
      this.#rows.delete(id);
      this.#host.requestUpdate();
    } else this.#engine.remove(id);
  }

  dismissRefusals(): void {
    for (const { id } of this.refusals) this.remove(id);
  }

  /** Empties the list; a reset form says nothing of it. */
  clear({ isSilent }: { readonly isSilent: boolean }): void {
    this.dismissRefusals();
    this.#isSilent = isSilent;
    this.#uploader?.clear();
    this.#isSilent = false;
  }

  get #engine(): Uploader {
    this.#uploader ??= this.#create();
    return this.#uploader;
  }

  #create(): Uploader {
    const uploader = this.#createUploader(this.#host.engineOptions, {
      mayStart: (file) => this.#dispatch(new events.UploadStartEvent(file)),
    });
    uploader.addEventListener('change', (event) => {
      if (event instanceof UploadChangeEvent) this.#changed(event);
    });
    uploader.addEventListener('idle', (event) => {
      if (event instanceof UploadIdleEvent) this.#settled(event);
    });
    return uploader;
  }

  #addOne(picked: PickedFile): FileSnapshot | Rejection | undefined {
    this.#isQuiet = true;
    const { added, rejected } = this.#engine.add([picked]);
    this.#isQuiet = false;
    const file = added[0];
    if (!file) return rejected[0];
    if (this.#dispatch(new events.UploadAddEvent(file))) {
      this.#rows.set(file.id, { id: file.id, file });
      return file;
    }
    this.#removeQuietly(file.id);
    return undefined;
  }

  /** Without `multiple` a new file takes the place of the listed one, but only when it passes. */
  #replaceBy(picked: PickedFile, index: number): FileSnapshot | Rejection | undefined {
    const { file } = picked;
    if (index > 0) {
      const { name, size, type } = file;
      return { name, size, type, code: 'too-many-files', message: 'One file is taken.', limit: 1 };
    }
    const { policy } = this;
    const limits = [this.#host.engineOptions.restrictions ?? {}, policy ? policyRestrictions(policy) : {}];
    const rejection = findRejection(file, limits, { count: 0, bytes: 0 });
    if (rejection) return rejection;
    this.dismissRefusals();
    for (const { id } of this.files) this.#engine.remove(id);
    return this.#addOne(picked);
  }

  #refuse(rejections: readonly Rejection[]): void {
    const counts = new Map<string, number>();
    for (const rejection of rejections) {
      const count = (counts.get(rejection.code) ?? 0) + 1;
      counts.set(rejection.code, count);
      if (rejection.code !== 'too-many-files' || count <= MAX_SAME_REFUSALS) this.#list(rejection, 1);
      this.#dispatch(new events.UploadRejectEvent(rejection));
    }
    const surplus = (counts.get('too-many-files') ?? 0) - MAX_SAME_REFUSALS;
    const last = rejections.findLast(({ code }) => code === 'too-many-files');
    if (last && surplus > 0) this.#list(last, surplus);
  }

  #list(rejection: Rejection, count: number): void {
    this.#nextRefusal += 1;
    const id = `refused-${this.#nextRefusal}`;
    this.#rows.set(id, { id, refusal: { ...rejection, count } });
  }

  #changed({ file, previous, removed }: UploadChangeEvent): void {
    if (this.#isQuiet) return;
    if (!removed && file.error && isRefusal(file.error.code)) return this.#refuseLate(file, file.error);
    if (removed) this.#rows.delete(file.id);
    else this.#rows.set(file.id, { id: file.id, file });
    if (!removed && previous?.status === file.status) {
      this.#renderInFrame();
      if (previous.sentBytes !== file.sentBytes) this.#dispatch(new events.UploadProgressEvent(file));
      return;
    }
    this.#host.requestUpdate();
    this.hasStored ||= file.status === 'complete';
    if (!this.#isSilent) this.#announce(file, removed);
    this.#host.filesChanged({ isSilent: this.#isSilent });
  }

  /** A rule of the site that was not known when the file was taken: refused all the same, in the same place. */
  #refuseLate({ id, name, size, type }: FileSnapshot, error: UploadFailure): void {
    const rejection: Rejection = { ...error, name, size, type };
    this.#removeQuietly(id);
    this.#rows.set(id, { id, refusal: { ...rejection, count: 1 } });
    this.#dispatch(new events.UploadRejectEvent(rejection));
    this.#host.filesChanged({ isSilent: false });
    this.#host.refusedLate();
    this.#host.requestUpdate();
  }

  #removeQuietly(id: string): void {
    this.#isQuiet = true;
    this.#engine.remove(id);
    this.#isQuiet = false;
  }

  #announce(file: FileSnapshot, removed: boolean): void {
    if (removed) this.#dispatch(new events.UploadRemoveEvent(file));
    else if (file.status === 'complete') this.#dispatch(new events.UploadSuccessEvent(file));
    else if (file.status === 'failed') this.#dispatch(new events.UploadErrorEvent(file));
  }

  #settled({ succeeded, failed }: UploadIdleEvent): void {
    this.#host.requestUpdate();
    this.#dispatch(new events.UploadCompleteEvent({ succeeded, failed }));
  }

  /** Progress is drawn once a frame at most, however many files report it. */
  #renderInFrame(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#host.requestUpdate();
    });
  }

  #dispatch(event: Event): boolean {
    return this.#host.dispatchEvent(event);
  }
}
