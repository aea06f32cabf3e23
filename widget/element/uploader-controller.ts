// The engine behind the element: its files and refusals as rows, its changes as events and renders.
import type { LitElement, ReactiveController } from 'lit';
import type { SitePolicy } from '../../server/protocol.js';
import { isRefusal } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { UploadChangeEvent, UploadIdleEvent } from '../engine/upload-events.js';
import type { UploadFailure } from '../engine/upload-state.js';
import type { Uploader, UploaderOptions, UploaderPorts } from '../engine/uploader.js';
import * as events from './events.js';
import { FileIntake } from './file-intake.js';
import { pageHost } from './page-host.js';
import type { Dropped } from './read-drop.js';
import { UploadRows, type Row } from './upload-rows.js';

export type CreateUploader = (options: UploaderOptions, ports: Partial<UploaderPorts>) => Uploader;

export interface UploaderHost extends LitElement {
  readonly multiple: boolean;
  /** Nothing is sent by itself: `no-auto`, no connection to a page, or not set up. */
  readonly isHeld: boolean;
  readonly engineOptions: UploaderOptions;
  /** Something can be sent. */
  readonly isSetUp: boolean;
  /** On `false` a file waits for what it lacks. */
  mayStart(file: FileSnapshot): boolean;
  /** A file changed its status, came or went; `isSilent` when the form was reset. */
  filesChanged(change: { readonly isSilent: boolean }): void;
  /** Files were taken, and are sent. */
  filesStarted(count: number, isHeld?: boolean): void;
  /** A file that was under way is refused by its site. */
  refusedLate(): void;
}

// Up to here the form and the page hear of every change at once; with more files, at most once in a while.
const FEW_FILES = 200;
/**
 * Draws are at least this far apart: more are not seen, and each takes time from the sending.
 * A timer, not an animation frame: hidden pages have no frames, yet states and screen readers go on.
 */
const DRAW_INTERVAL_MS = 100;
/** Of many files only a few are in sight, and each of them is quickly done. */
const DRAW_MANY_INTERVAL_MS = 250;

export class UploaderController implements ReactiveController {
  /** A file has been stored. */
  hasStored = false;
  readonly list = new UploadRows();
  readonly #host: UploaderHost;
  readonly #createUploader: CreateUploader;
  readonly #intake: FileIntake;
  #uploader: Uploader | undefined;
  #isQuiet = false;
  #isSilent = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawnAtMs = -Infinity;
  #isValueLate = false;
  /** Nothing was left to do but for files that are paused or not taken in yet. */
  #isUnsettled = false;

  constructor(host: UploaderHost, createUploader: CreateUploader) {
    this.#host = host;
    this.#createUploader = createUploader;
    this.#intake = new FileIntake(host, this);
    host.addController(this);
  }

  hostUpdate(): void {
    this.#uploader?.configure(this.#host.engineOptions);
  }

  get rows(): readonly Row[] {
    return this.list.all;
  }

  get files(): readonly FileSnapshot[] {
    return this.list.files;
  }

  get policy(): SitePolicy | undefined {
    return this.#uploader?.policy;
  }

  get isBusy(): boolean {
    return this.#uploader?.busy ?? false;
  }

  /** Files are being sent, are paused, or wait to be listed. */
  get isPending(): boolean {
    return this.isBusy || this.#intake.isBusy || this.list.count('paused') > 0;
  }

  get progress(): number {
    return this.#uploader?.progress ?? 0;
  }

  get engine(): Uploader {
    this.#uploader ??= this.#create();
    return this.#uploader;
  }

  source(id: string): File | undefined {
    return this.#uploader?.source(id);
  }

  /** Takes or refuses files, then starts what may start. */
  add(dropped: Dropped): void {
    this.#intake.take(dropped);
  }

  start(): void {
    if (this.list.fileCount > 0) this.engine.start();
  }

  /** Takes a file or a refusal off the list. */
  remove(id: string): void {
    if (this.list.get(id)?.refusal) {
      this.list.delete(id);
      this.#host.requestUpdate();
    } else this.engine.remove(id);
  }

  dismissRefusals(): void {
    for (const { id } of this.list.refusals) this.remove(id);
  }

  /** Takes everything off the list that is neither stored nor failed. */
  cancel(): void {
    this.#intake.stop();
    for (const { id, status } of this.files) {
      if (status !== 'complete' && status !== 'failed') this.remove(id);
    }
  }

  /** Empties the list; a reset form says nothing of it. */
  clear({ isSilent }: { readonly isSilent: boolean }): void {
    this.#intake.stop();
    this.dismissRefusals();
    this.#isSilent = isSilent;
    if (isSilent) this.#isUnsettled = false;
    this.#uploader?.clear();
    this.#isSilent = false;
  }

  /** Does something that the page shall not hear of. */
  quietly<T>(act: () => T): T {
    this.#isQuiet = true;
    try {
      return act();
    } finally {
      this.#isQuiet = false;
    }
  }

  /** Draws and tells what was put off. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAtMs = performance.now();
    if (this.#isValueLate) this.#host.filesChanged({ isSilent: false });
    this.#isValueLate = false;
    this.#host.requestUpdate();
  }

  /** Tells that nothing is left to do, once that is so. */
  settle(): void {
    if (!this.#isUnsettled || this.isPending) return;
    this.#isUnsettled = false;
    const having = (status: FileSnapshot['status']): readonly FileSnapshot[] =>
      this.files.filter((file) => file.status === status);
    this.flush();
    this.#host.requestUpdate();
    this.#dispatch(
      new events.UploadCompleteEvent({ succeeded: having('complete'), failed: having('failed') }),
    );
  }

  #create(): Uploader {
    const uploader = this.#createUploader(this.#host.engineOptions, {
      mayStart: (file) => this.#host.mayStart(file) && this.#dispatch(new events.UploadStartEvent(file)),
      mayPrepare: () => this.#host.isConnected && this.#host.isSetUp,
      host: pageHost,
    });
    uploader.addEventListener('change', (event) => {
      if (event instanceof UploadChangeEvent) this.#changed(event);
    });
    uploader.addEventListener('idle', (event) => {
      if (!(event instanceof UploadIdleEvent)) return;
      this.#isUnsettled = true;
      this.#host.requestUpdate();
      this.settle();
    });
    return uploader;
  }

  #changed({ file, previous, removed }: UploadChangeEvent): void {
    if (this.#isQuiet) return;
    if (!removed && file.error && isRefusal(file.error.code)) return this.#refuseLate(file, file.error);
    if (removed) this.list.delete(file.id);
    else if (file === previous) this.list.reorder(this.engine.files);
    else this.list.setFile(file);
    if (!removed && file !== previous && previous?.status === file.status) {
      this.drawSoon();
      if (previous.sentBytes !== file.sentBytes) this.#dispatch(new events.UploadProgressEvent(file));
      return;
    }
    this.hasStored ||= file.status === 'complete';
    if (!this.#isSilent) this.#announce(file, removed);
    this.#tell();
    if (removed) this.settle();
  }

  /** The form and the page hear of a change at once; of many among many, together. */
  #tell(): void {
    const isSilent = this.#isSilent;
    if (isSilent || this.list.fileCount <= FEW_FILES) this.#host.filesChanged({ isSilent });
    else this.#isValueLate = true;
    this.drawSoon();
  }

  /** A rule of the site that was not known when the file was taken: refused all the same, in the same place. */
  #refuseLate({ id, name, size, type }: FileSnapshot, error: UploadFailure): void {
    const rejection = { ...error, name, size, type };
    this.quietly(() => this.engine.remove(id));
    this.list.setRefusal(id, { ...rejection, count: 1 });
    this.#dispatch(new events.UploadRejectEvent(rejection));
    this.#host.filesChanged({ isSilent: false });
    this.#host.refusedLate();
    this.#host.requestUpdate();
  }

  #announce(file: FileSnapshot, removed: boolean): void {
    if (removed) this.#dispatch(new events.UploadRemoveEvent(file));
    else if (file.status === 'complete') this.#dispatch(new events.UploadSuccessEvent(file));
    else if (file.status === 'failed') this.#dispatch(new events.UploadErrorEvent(file));
  }

  /** Drawn at once after a while of rest, else once in a while, however many files report something. */
  drawSoon(): void {
    const intervalMs = this.list.fileCount > FEW_FILES ? DRAW_MANY_INTERVAL_MS : DRAW_INTERVAL_MS;
    this.#timer ??= setTimeout(() => this.flush(), this.#drawnAtMs + intervalMs - performance.now());
  }

  #dispatch(event: Event): boolean {
    return this.#host.dispatchEvent(event);
  }
}
