// The uploads of one widget: a list, commands that change it, events that tell of it. The package's `./engine` entry.
import type { SitePolicy } from '../../server/protocol.js';
import {
  type DefaultedPorts,
  defaultPorts,
  type UploaderOptions,
  type UploaderPorts,
} from './uploader-options.js';
import type { ImageOptions } from './image-policy.js';
import { isOffline } from './is-offline.js';
import type { PickedFile, Prepare, PreparedFile, Send } from './ports.js';
import { findRejection, policyRestrictions } from './restrictions.js';
import type { Rejection, Restrictions } from './restrictions.js';
import { type Grant, SiteAccess } from './site-access.js';
import { type FileSnapshot, takeSnapshot, totalProgress } from './snapshot.js';
import { addSample } from './speed.js';
import { UploadError } from './upload-error.js';
import { countTaken, createUpload, isActive, type Upload } from './upload.js';
import { type UploadChange, UploadChangeEvent, UploadIdleEvent } from './upload-events.js';
import type * as RunModule from './upload-run.js';
import { transition, type UploadEvent, type UploadState } from './upload-state.js';

export type { CompletedFile, ErrorCode, ImagePolicy, SitePolicy } from '../../server/protocol.js';
export type {
  FileSnapshot,
  Grant,
  ImageOptions,
  PickedFile,
  Prepare,
  PreparedFile,
  Rejection,
  Restrictions,
  Send,
};
export type { UploaderOptions, UploaderPorts };
export type { UploadFailure, UploadStatusName } from './upload-state.js';
export { UploadChangeEvent, UploadError, UploadIdleEvent };

/** Runs at once: as many as one signing call plans. Storage has its own, smaller limit. */
const MAX_RUNS = 100;
const PROGRESS_INTERVAL_MS = 100;
const DEFAULT_CONCURRENCY = 6;
let loading: Promise<typeof RunModule> | undefined;

/**
 * Uploads files straight into a site's bucket. Headless: it needs no DOM and knows no words for people.
 * @fires {UploadChangeEvent} change - A file was added, changed, moved or removed.
 * @fires {UploadIdleEvent} idle - Nothing is left to do.
 */
export class Uploader extends EventTarget {
  readonly #ports: DefaultedPorts;
  #options: UploaderOptions;
  #site: SiteAccess;
  #uploads: readonly Upload[] = [];
  #files: readonly FileSnapshot[] | undefined;
  /** True from the first start until `idle`. */
  #isWorking = false;

  constructor(options: UploaderOptions, ports: Partial<UploaderPorts> = {}) {
    super();
    this.#ports = { ...defaultPorts, ...ports };
    this.#options = options;
    this.#site = this.#createSite();
  }

  /** Takes new options for files that start from now on. Another signer or site drops the loaded policy. */
  configure(options: UploaderOptions): void {
    this.#options = options;
    const { signer, siteKey } = this.#site;
    if (signer !== options.signer || siteKey !== options.siteKey) this.#site = this.#createSite();
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
    this.#files ??= Object.freeze(this.#uploads.map(({ snapshot }) => snapshot));
    return this.#files;
  }

  /** True while a started file is neither complete nor failed. */
  get busy(): boolean {
    return this.#uploads.some(isActive);
  }

  /** 0…1 of all bytes; failed files do not count. */
  get progress(): number {
    return totalProgress(this.files);
  }

  /** Takes files that pass the options' restrictions and, once loaded, the site's policy; starts them unless `autoStart` is off. */
  add(picked: readonly PickedFile[]): {
    readonly added: readonly FileSnapshot[];
    readonly rejected: readonly Rejection[];
  } {
    const { restrictions = {}, autoStart = true } = this.#options;
    const limits = this.policy ? [restrictions, policyRestrictions(this.policy)] : [restrictions];
    const rejected: Rejection[] = [];
    const added: FileSnapshot[] = [];
    for (const one of picked) {
      const rejection = findRejection(one.file, limits, countTaken(this.#uploads));
      if (rejection) rejected.push(rejection);
      else added.push(this.#list(one, autoStart).snapshot);
    }
    this.#schedule();
    return { added, rejected };
  }

  /** The file as chosen, for previews. */
  source(id: string): File | undefined {
    return this.#find(id)?.picked.file;
  }

  /** Starts one queued file, or all of them. */
  start(id?: string): void {
    for (const upload of this.#select(id)) {
      if (upload.state.status === 'queued' && !upload.controller) upload.isDue = true;
    }
    this.#schedule();
  }

  /** Tries one failed file again, or all that may succeed. An earlier try that had been stored after all is found, not repeated. */
  retry(id?: string): void {
    for (const upload of this.#select(id)) {
      const { state } = upload;
      if (state.status !== 'failed' || (id === undefined && !state.error.retryable)) continue;
      upload.isDue = true;
      this.#apply(upload, { type: 'retry' });
    }
    this.#schedule();
  }

  /** Takes a file off the list, stops it, and gives its upload up. A complete file stays in storage. */
  remove(id: string): void {
    const upload = this.#find(id);
    if (!upload) return;
    this.#uploads = this.#uploads.filter((other) => other !== upload);
    upload.controller?.abort();
    if (upload.state.status !== 'complete') upload.memory.giveUp?.();
    this.#tell({ file: upload.snapshot, previous: upload.snapshot, removed: true });
    this.#schedule();
  }

  /** Moves a file to another place in the list. */
  move(id: string, index: number): void {
    const upload = this.#find(id);
    if (!upload) return;
    const others = this.#uploads.filter((other) => other !== upload);
    this.#uploads = others.toSpliced(Math.max(0, index), 0, upload);
    this.#tell({ file: upload.snapshot, previous: upload.snapshot, removed: false });
  }

  /** Removes every file. */
  clear(): void {
    for (const { id } of this.#uploads) this.remove(id);
  }

  #createSite(): SiteAccess {
    const { signer, siteKey } = this.#options;
    return new SiteAccess({ signer, siteKey, fetch: this.#ports.fetch, grant: () => this.#options.grant });
  }

  #find(id: string): Upload | undefined {
    return this.#uploads.find((upload) => upload.id === id);
  }

  #select(id: string | undefined): readonly Upload[] {
    return id === undefined ? this.#uploads : this.#uploads.filter((upload) => upload.id === id);
  }

  #list(picked: PickedFile, isDue: boolean): Upload {
    const upload = createUpload(this.#ports.createId(), picked, this.policy !== undefined);
    upload.isDue = isDue;
    this.#uploads = [...this.#uploads, upload];
    this.#tell({ file: upload.snapshot, previous: undefined, removed: false });
    return upload;
  }

  /** Later in this turn, so that whoever gave the command hears of its consequences after it returned. */
  #schedule(): void {
    this.#isWorking ||= this.busy;
    queueMicrotask(() => this.#proceed());
  }

  #proceed(): void {
    const running = this.#uploads.filter(({ controller }) => controller).length;
    // In waves, so that the signer plans many files in one call.
    if (running <= MAX_RUNS / 2) {
      for (const upload of this.#uploads.filter(({ isDue }) => isDue).slice(0, MAX_RUNS - running))
        this.#begin(upload);
    }
    if (!this.#isWorking || this.busy) return;
    this.#isWorking = false;
    const having = (status: UploadState['status']) => this.files.filter((file) => file.status === status);
    this.dispatchEvent(new UploadIdleEvent(having('complete'), having('failed')));
  }

  #begin(upload: Upload): void {
    upload.isDue = false;
    if (this.#ports.mayStart?.(upload.snapshot) === false || !this.#find(upload.id)) return;
    const { image, concurrency = DEFAULT_CONCURRENCY } = this.#options;
    upload.controller = new AbortController();
    void this.#run(upload, {
      picked: upload.picked,
      memory: upload.memory,
      site: this.#site,
      image,
      concurrency,
      ports: this.#ports,
      signal: upload.controller.signal,
      admit: (policy) => this.#admit(upload, policy),
      remember: (memory) => {
        upload.memory = { ...upload.memory, ...memory };
      },
      report: (event) => this.#apply(upload, event),
    });
  }

  async #run(upload: Upload, run: RunModule.Run): Promise<void> {
    try {
      const { runUpload } = await loadRun();
      const file = await runUpload(run);
      upload.controller = undefined;
      run.report({ type: 'complete', file });
    } catch (error) {
      upload.controller = undefined;
      run.report({ type: 'fail', error: toUploadError(error).toFailure() });
    }
    this.#proceed();
  }

  /** Judges a file that was added before the policy was known. */
  #admit(upload: Upload, policy: SitePolicy): void {
    if (upload.isAdmitted) return;
    const others = this.#uploads.filter((other) => other !== upload && other.isAdmitted);
    const rejection = findRejection(upload.picked.file, [policyRestrictions(policy)], countTaken(others));
    if (rejection)
      throw new UploadError(rejection.code, rejection.message, { ...rejection, retryable: false });
    upload.isAdmitted = true;
  }

  #apply(upload: Upload, event: UploadEvent): void {
    if (!this.#uploads.includes(upload)) return;
    const state = transition(upload.state, event);
    if (state === upload.state || (state.status === 'uploading' && !this.#isTimely(upload, state))) return;
    upload.state = state;
    const previous = upload.snapshot;
    upload.snapshot = takeSnapshot({ ...upload, prepared: upload.memory.prepared });
    this.#tell({ file: upload.snapshot, previous, removed: false });
  }

  /** Lets through the start, the end, and what comes in fair distance between; keeps the speed. */
  #isTimely(
    upload: Upload,
    { sentBytes, totalBytes }: UploadState & { readonly status: 'uploading' },
  ): boolean {
    const atMs = this.#ports.now();
    const last = sentBytes === 0 ? undefined : upload.speed.at(-1);
    if (last && sentBytes < totalBytes && atMs - last.atMs < PROGRESS_INTERVAL_MS) return false;
    upload.speed = addSample(last ? upload.speed : [], { atMs, sentBytes });
    return true;
  }

  #tell(change: UploadChange): void {
    this.#files = undefined;
    this.dispatchEvent(new UploadChangeEvent(change));
  }
}

/**
 * Sending is a part of its own, loaded with the first file: the script that every page loads stays small.
 * One promise for all, so that files of the same moment go on in the same moment and share a call.
 */
function loadRun(): Promise<typeof RunModule> {
  loading ??= import('./upload-run.js').catch((cause: unknown) => {
    loading = undefined;
    throw new UploadError(isOffline() ? 'offline' : 'signer-unreachable', 'The script could not be loaded.', {
      retryable: true,
      cause,
    });
  });
  return loading;
}

/** Anything else that is thrown is a fault of our own. */
function toUploadError(cause: unknown): UploadError {
  if (cause instanceof UploadError) return cause;
  return new UploadError('internal', 'The upload stopped unexpectedly.', { retryable: true, cause });
}
