// Runs the uploads of one Uploader, some at once: starts, pauses, ends them, and keeps their states.
import { isOffline } from './is-offline.js';
import { isRefusal } from './restrictions.js';
import type { SiteAccess } from './site-access.js';
import type { FileSnapshot } from './snapshot.js';
import type { RunMemory, Upload } from './upload.js';
import { UploadError } from './upload-error.js';
import type { UploadChange } from './upload-events.js';
import type { UploadList } from './upload-list.js';
import type { Run } from './run/run.js';
import { transition, type UploadEvent, type UploadState } from './upload-state.js';
import type { GivenPorts, UploaderOptions } from './uploader-options.js';

export interface RunnerWorld {
  readonly ports: GivenPorts;
  readonly options: () => UploaderOptions;
  readonly site: () => SiteAccess;
  readonly tell: (change: UploadChange) => void;
  readonly idle: (succeeded: readonly FileSnapshot[], failed: readonly FileSnapshot[]) => void;
}

/** A wave is what one signing call plans; the next one starts while half of it is left to be sent. */
export const WAVE = 100;
/** Large files come in smaller waves: what is planned and hashed now should be sent soon. */
const WAVE_BYTES = 192 * 2 ** 20;
const MIN_SENDING = 6;
/** With those that wait to be confirmed. */
const MAX_RUNS = 400;

/** Sending is a part of its own, loaded with the first file: the script that every page loads stays small. */
export const loadRun = loadLater(() => import('./upload-run.js'));
const loadAhead = loadLater(() => import('./prepare-ahead.js'));

export class UploadRunner {
  readonly #list: UploadList;
  readonly #world: RunnerWorld;
  /** In the order in which they wait for their turn. */
  readonly #due = new Set<Upload>();
  readonly #running = new Set<Upload>();
  readonly #completing = new Set<Upload>();
  /** Not started, and not looked at since they came. */
  readonly resting = new Set<Upload>();
  /** True from the first start until `idle`. */
  #isWorking = false;
  #isScheduled = false;

  constructor(list: UploadList, world: RunnerWorld) {
    this.#list = list;
    this.#world = world;
  }

  get busy(): boolean {
    return this.#due.size + this.#running.size > 0;
  }

  /** Lets an upload run when its turn comes. @param event - What makes it wait for it. */
  due(upload: Upload, event?: UploadEvent): void {
    this.resting.delete(upload);
    upload.isWanted = true;
    if (!this.#running.has(upload)) this.#due.add(upload);
    if (event) this.#apply(upload, event);
    this.schedule();
  }

  /** Lets an upload wait for its start; what will be sent is made meanwhile. */
  rest(upload: Upload): void {
    this.resting.add(upload);
    this.schedule();
  }

  /** What failed before it was started goes back to where it waited. */
  retry(upload: Upload): void {
    if (upload.isWanted) return this.due(upload, { type: 'retry' });
    this.#apply(upload, { type: 'retry' });
    this.rest(upload);
  }

  /** Whether it runs or waits for its turn. */
  isStarted(upload: Upload): boolean {
    return this.#due.has(upload) || this.#running.has(upload);
  }

  pause(upload: Upload): void {
    const { status } = upload.state;
    if (status === 'complete' || status === 'failed' || status === 'paused') return;
    this.#due.delete(upload);
    // What is on its way is stopped: only what storage has taken need not be sent again.
    this.#apply(upload, { type: 'pause', sentBytes: upload.memory.storedBytes ?? 0 });
    this.#stop(upload);
  }

  /** Stops an upload that has left the list. */
  drop(upload: Upload): void {
    this.#due.delete(upload);
    // While its run still has the claim to it.
    if (upload.state.status !== 'complete') upload.memory.giveUp?.();
    this.#stop(upload);
  }

  #stop(upload: Upload): void {
    upload.controller?.abort();
    this.#end(upload);
    this.schedule();
  }

  #end(upload: Upload): void {
    upload.controller = undefined;
    this.resting.delete(upload);
    this.#running.delete(upload);
    this.#completing.delete(upload);
  }

  /** Later in this turn, so that whoever gave the command hears of its consequences after it returned. */
  schedule(): void {
    this.#isWorking ||= this.busy;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#proceed();
    });
  }

  #proceed(): void {
    this.#beginWave();
    // What does not load here is told of by the start.
    if (this.resting.size > 0)
      void loadAhead().then(
        ({ prepareAhead }) => prepareAhead(this, this.#world),
        () => undefined,
      );
    if (!this.#isWorking || this.busy) return;
    this.#isWorking = false;
    const having = (status: UploadState['status']) =>
      this.#list.files.filter((file) => file.status === status);
    this.#world.idle(having('complete'), having('failed'));
  }

  /** In waves, so that the signer plans many files in one call. */
  #beginWave(): void {
    const sending = [...this.#running].filter((upload) => !this.#completing.has(upload));
    let count = sending.length;
    let bytes = sending.reduce((sum, { snapshot }) => sum + snapshot.size, 0);
    const hasRoom = (waves: number) =>
      this.#running.size < MAX_RUNS &&
      (count < MIN_SENDING || (count < WAVE * waves && bytes < WAVE_BYTES * waves));
    if (!hasRoom(1 / 2)) return;
    let begun = 0;
    for (const upload of this.#due) {
      if (begun >= WAVE || !hasRoom(3 / 2)) return;
      this.#begin(upload);
      begun += 1;
      count += 1;
      bytes += upload.snapshot.size;
    }
  }

  #begin(upload: Upload): void {
    this.#due.delete(upload);
    if (!this.#mayStart(upload)) return this.rest(upload);
    if (!this.#list.has(upload)) return;
    this.#running.add(upload);
    void this.#run(upload, this.open(upload));
  }

  /** What works on an upload is given; one controller for all, so that a run goes on with what was begun ahead of it. */
  open(upload: Upload): Run {
    const { ports, options, site } = this.#world;
    const controller = (upload.controller ??= new AbortController());
    const isCurrent = () => upload.controller === controller;
    return {
      upload,
      list: this.#list,
      site: site(),
      options: options(),
      ports,
      signal: controller.signal,
      remember: (memory) => this.#remember(upload, memory, isCurrent()),
      report: (event) => {
        if (isCurrent()) this.#apply(upload, event);
      },
    };
  }

  #mayStart(upload: Upload): boolean {
    try {
      return this.#world.ports.mayStart?.(upload.snapshot) !== false;
    } catch (cause) {
      const error = new UploadError('hook-failed', 'The hook before the start failed.', {
        retryable: true,
        cause,
      });
      this.#apply(upload, { type: 'fail', error: error.toFailure() });
      return false;
    }
  }

  async #run(upload: Upload, run: Run) {
    let event: UploadEvent;
    try {
      const { runUpload } = await loadRun();
      event = { type: 'complete', file: await runUpload(run) };
    } catch (error) {
      event = { type: 'fail', error: toUploadError(error).toFailure() };
    }
    // A run that was stopped is no longer listened to: another may have taken its place.
    if (upload.controller?.signal !== run.signal) return;
    this.#end(upload);
    if (event.type === 'complete') upload.memory = { ...upload.memory, body: undefined, giveUp: undefined };
    this.#apply(upload, event);
    this.schedule();
  }

  #remember(upload: Upload, memory: RunMemory, isCurrent: boolean): void {
    const isSuperseded = this.#running.has(upload) || (memory.plan && upload.memory.plan);
    const isListed = this.#list.has(upload);
    if (isListed && (isCurrent || !isSuperseded)) upload.memory = { ...upload.memory, ...memory };
    // Removed while the signer planned it, or begun anew. A run that took over asks with the same nonce for the same plan.
    else if (!isListed || !memory.nonce || memory.nonce !== upload.memory.nonce) memory.giveUp?.();
  }

  #apply(upload: Upload, event: UploadEvent): void {
    if (!this.#list.has(upload)) return;
    const state = transition(upload.state, event);
    if (state === upload.state) return;
    upload.state = state;
    this.#list.setRefused(upload, state.status === 'failed' && isRefusal(state.error.code));
    this.#count(upload);
    this.refresh(upload);
  }

  /** Takes and tells a new picture of an upload. */
  refresh(upload: Upload): void {
    const previous = upload.snapshot;
    this.#list.renew(upload);
    this.#world.tell({ file: upload.snapshot, previous, removed: false });
  }

  /** Those that only wait to be confirmed make room for others. */
  #count(upload: Upload): void {
    if (upload.state.status === 'completing' && this.#running.has(upload)) {
      this.#completing.add(upload);
      this.schedule();
    } else this.#completing.delete(upload);
  }
}

/**
 * Loads a part of the script when it is first needed.
 * One promise for all, so that files of the same moment go on in the same moment and share a call.
 */
export function loadLater<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      const code = isOffline() ? 'offline' : 'signer-unreachable';
      throw new UploadError(code, 'The script could not be loaded.', { retryable: true, cause });
    }));
}

/** Anything else that is thrown is a fault of our own. */
function toUploadError(cause: unknown): UploadError {
  if (cause instanceof UploadError) return cause;
  return new UploadError('internal', 'The upload stopped unexpectedly.', { retryable: true, cause });
}
