// The uploads of one widget: a list, commands that change it, events that tell of it. The package's `./engine` entry.
import type { SitePolicy } from '../../server/protocol.js';
import type { ImageOptions } from './image-policy.js';
import type { Host, PickedFile, Prepare, PreparedFile, PreparedRendition, Send, Sleep } from './ports.js';
import { findRejection, policyRestrictions } from './restrictions.js';
import type { Rejection, Restrictions } from './restrictions.js';
import type { UnfinishedUpload } from './resume/unfinished.js';
import { type Grant, SiteAccess } from './site-access.js';
import { type FileSnapshot, type Notice, type StoredRendition, totalProgress } from './snapshot.js';
import { createUpload, type NewUpload, type Upload } from './upload.js';
import { UploadError } from './upload-error.js';
import { type UploadChange, UploadChangeEvent, UploadIdleEvent } from './upload-events.js';
import { UploadList } from './upload-list.js';
import { loadLater, UploadRunner } from './upload-runner.js';
import { earlyPorts, remembers } from './uploader-options.js';
import type { GivenPorts, UploaderOptions, UploaderPorts } from './uploader-options.js';

export type { CompletedFile, ErrorCode, ImagePolicy, SitePolicy } from '../../server/protocol.js';
export type {
  FileSnapshot,
  Grant,
  Host,
  ImageOptions,
  Notice,
  PickedFile,
  Prepare,
  PreparedFile,
  PreparedRendition,
  Rejection,
  Restrictions,
  Send,
  Sleep,
  StoredRendition,
  UnfinishedUpload,
};
export type { UploaderOptions, UploaderPorts };
export type { UploadFailure, UploadStatusName } from './upload-state.js';
export { UploadChangeEvent, UploadError, UploadIdleEvent };

const loadUnfinished = loadLater(() => import('./resume/unfinished.js'));

/**
 * Uploads files straight into a site's bucket. Headless: it needs no DOM and knows no words for people.
 * @fires {UploadChangeEvent} change - A file was added, changed, moved or removed.
 * @fires {UploadIdleEvent} idle - Nothing is left to do.
 */
export class Uploader extends EventTarget {
  readonly #ports: GivenPorts;
  readonly #list = new UploadList();
  readonly #runner: UploadRunner;
  #options: UploaderOptions;
  #site: SiteAccess;
  #lastRank = 0;
  /** Listed ids of files that were chosen for unfinished uploads; their runs recognise them later. */
  readonly #restored = new Map<string, string>();

  constructor(options: UploaderOptions, ports: Partial<UploaderPorts> = {}) {
    super();
    this.#ports = { ...earlyPorts, ...ports };
    this.#options = options;
    this.#site = this.#createSite();
    this.#runner = new UploadRunner(this.#list, {
      ports: this.#ports,
      options: () => this.#options,
      site: () => this.#site,
      tell: (change) => this.#tell(change),
      idle: (succeeded, failed) => this.dispatchEvent(new UploadIdleEvent(succeeded, failed)),
    });
  }

  /** Takes new options for files that start from now on. Another signer or site drops the loaded policy. */
  configure(options: UploaderOptions): void {
    this.#options = options;
    const { signer, siteKey } = this.#site;
    if (signer !== options.signer || siteKey !== options.siteKey) this.#site = this.#createSite();
    this.#runner.schedule();
  }

  /** What the site accepts, once loaded. */
  get policy(): SitePolicy | undefined {
    return this.#site.policy;
  }

  /**
   * Loads what the site accepts; calls share one request. Starting a file does this by itself.
   * @throws {UploadError} `offline`, `signer-unreachable`, or the signer's own code, such as `unknown-site`.
   */
  loadPolicy(): Promise<SitePolicy> {
    return this.#site.loadPolicy();
  }

  /** Frozen snapshots in the order of the list; the same array until something changes. */
  get files(): readonly FileSnapshot[] {
    return this.#list.files;
  }

  /** True while a started file is neither complete nor failed nor paused. */
  get busy(): boolean {
    return this.#runner.busy;
  }

  /** 0…1 of all bytes; failed files do not count. */
  get progress(): number {
    return totalProgress(this.files);
  }

  /**
   * Takes files that pass the options' restrictions and, once loaded, the site's policy; starts them unless `autoStart` is off.
   * Images that wait for their start are made meanwhile, so that size and rules are told of what will be sent.
   */
  add(picked: readonly PickedFile[]): {
    readonly added: readonly FileSnapshot[];
    readonly rejected: readonly Rejection[];
  } {
    const { restrictions = {}, autoStart = true } = this.#options;
    const limits = this.policy ? [restrictions, policyRestrictions(this.policy)] : [restrictions];
    const rejected: Rejection[] = [];
    const added: FileSnapshot[] = [];
    for (const one of picked) {
      const rejection = findRejection(one.file, limits, this.#list.taken);
      if (rejection) rejected.push(rejection);
      else added.push(this.#take({ picked: one, isAdmitted: this.policy !== undefined }, autoStart));
    }
    return { added, rejected };
  }

  /** The file as chosen, for previews. */
  source(id: string): File | undefined {
    return this.#list.find(id)?.picked.file;
  }

  /** Starts one queued file, or all of them. */
  start(id?: string): void {
    for (const upload of this.#list.select(id))
      if (upload.state.status === 'queued') this.#runner.due(upload);
  }

  /** Stops sending one file, or all that were started; what storage has taken stays there, and `resume` goes on from it. */
  pause(id?: string): void {
    for (const upload of this.#list.select(id)) {
      if (id !== undefined || this.#runner.isStarted(upload)) this.#runner.pause(upload);
    }
  }

  /** Goes on with one paused file, or all of them. */
  resume(id?: string): void {
    for (const upload of this.#list.select(id)) {
      if (upload.state.status === 'paused') this.#runner.due(upload, { type: 'resume' });
    }
  }

  /**
   * Tries one failed file again, or all that may succeed. What an earlier try stored is found, not sent again;
   * what failed before it was started waits for its start again.
   */
  retry(id?: string): void {
    for (const upload of this.#list.select(id)) {
      const { state } = upload;
      if (state.status !== 'failed' || (id === undefined && !state.error.retryable)) continue;
      this.#runner.retry(upload);
    }
  }

  /** Takes a file off the list, stops it, and gives its upload up. A complete file stays in storage. */
  remove(id: string): void {
    const upload = this.#list.find(id);
    if (!upload) return;
    this.#list.remove(upload);
    this.#runner.drop(upload);
    this.#tell({ file: upload.snapshot, previous: upload.snapshot, removed: true });
  }

  /** Moves a file to another place in the list. */
  move(id: string, index: number): void {
    const upload = this.#list.find(id);
    if (!upload) return;
    this.#list.move(upload, index);
    this.#tell({ file: upload.snapshot, previous: upload.snapshot, removed: false });
  }

  /** Says what an image shows, for its result and its object's metadata; without effect once `isAltTextFixed`. */
  setAltText(id: string, text: string): void {
    const upload = this.#list.find(id);
    if (!upload || upload.snapshot.isAltTextFixed) return;
    upload.memory = { ...upload.memory, altText: text };
    this.#runner.refresh(upload);
  }

  /** Removes every file. */
  clear(): void {
    for (const { id } of this.#list.select(undefined)) this.remove(id);
  }

  /**
   * Uploads of this site that an earlier visit left unfinished and that storage still knows; none when `remember` is off or a grant is set.
   * A chosen file that is one of them goes on from there by itself; `restore` does so without choosing.
   */
  async unfinished(): Promise<readonly UnfinishedUpload[]> {
    if (!remembers(this.#options)) return [];
    const { findUnfinished } = await loadUnfinished();
    const found = await findUnfinished(this.#site, this.#ports);
    return found.filter(({ id }) => !this.#isListed(id));
  }

  /**
   * Lists an unfinished upload and goes on with it.
   * @param file - The same file as before, as its handle opens it; not needed when `hasBytes`.
   * @returns Undefined when it is gone, in use here or by another tab, or the file is not the same.
   */
  async restore(id: string, picked?: PickedFile): Promise<FileSnapshot | undefined> {
    const { restoreUpload } = await loadUnfinished();
    if (this.#isListed(id)) return undefined;
    const restored = await restoreUpload(id, { picked, site: this.#site, ports: this.#ports });
    // Two calls may ask for the same one.
    if (!restored || this.#isListed(id)) return undefined;
    const snapshot = this.#take({ ...restored, isAdmitted: true }, this.#options.autoStart ?? true);
    this.#restored.set(id, snapshot.id);
    return snapshot;
  }

  #isListed(planId: string): boolean {
    const id = this.#restored.get(planId);
    return this.#list.holds(planId) || (id !== undefined && this.#list.find(id) !== undefined);
  }

  /** Gives unfinished uploads up: storage and this browser forget them. */
  async discard(ids: readonly string[]): Promise<void> {
    const { discardUnfinished } = await loadUnfinished();
    await discardUnfinished(ids, this.#site, this.#ports);
  }

  #createSite(): SiteAccess {
    const { signer, siteKey } = this.#options;
    return new SiteAccess({ signer, siteKey, fetch: this.#ports.fetch, grant: () => this.#options.grant });
  }

  #take(about: Omit<NewUpload, 'id' | 'rank'>, isDue: boolean): FileSnapshot {
    const upload: Upload = createUpload({
      ...about,
      id: this.#ports.createId(),
      rank: (this.#lastRank += 1),
    });
    this.#list.add(upload);
    this.#tell({ file: upload.snapshot, previous: undefined, removed: false });
    if (isDue) this.#runner.due(upload);
    else this.#runner.rest(upload);
    return upload.snapshot;
  }

  #tell(change: UploadChange): void {
    this.#list.changed();
    this.dispatchEvent(new UploadChangeEvent(change));
  }
}
