// From chosen files to listed ones: every rule and `b2-add`, in slices, so that ten thousand files do not stop the page.
import type { PickedFile } from '../engine/ports.js';
import { findRejection, policyRestrictions, type Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { WAVE } from '../engine/upload-runner.js';
import { UploadAddEvent, UploadRejectEvent } from './events.js';
import type { Dropped } from './read-drop.js';
import type { UploaderController, UploaderHost } from './uploader-controller.js';

// So many are looked at in one go; more only while there is time, for browsers ask the disk about each.
const FEW_FILES = 12;
const SLICE_MS = 16;
// Dropping 300 files where 10 are taken needs no 290 lines.
const MAX_SAME_REFUSALS = 3;

export class FileIntake {
  readonly #host: UploaderHost;
  readonly #uploads: UploaderController;
  /** What is still to be looked at. */
  #left: PickedFile[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #addedCount = 0;
  #surplusCount = 0;
  /** The line that stands for all further surplus files. */
  #surplusId = '';
  #lastRefusal = 0;

  constructor(host: UploaderHost, uploads: UploaderController) {
    this.#host = host;
    this.#uploads = uploads;
  }

  get isBusy(): boolean {
    return this.#left.length > 0;
  }

  /** The first files are listed when this returns, the others soon after. */
  take({ picked, refusedFolders }: Dropped): void {
    if (!this.isBusy) this.#surplusCount = 0;
    // Attributes may have changed since the last render.
    this.#uploads.engine.configure(this.#host.engineOptions);
    for (const { name, code } of refusedFolders) {
      this.#refuse({ name, size: 0, type: '', code, message: 'A folder was dropped.' });
    }
    const isWaiting = this.isBusy;
    for (const one of picked) this.#left.push(one);
    if (isWaiting) return;
    clearTimeout(this.#timer);
    this.#takeSlice();
  }

  /** Leaves what was not looked at yet. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#left = [];
    this.#addedCount = 0;
  }

  #takeSlice(): void {
    const { multiple } = this.#host;
    // Without `multiple` all but the first are refused, which takes no time.
    const few = multiple ? FEW_FILES : Infinity;
    const endsAtMs = performance.now() + SLICE_MS;
    let addedCount = 0;
    for (let index = 0; index < few || performance.now() < endsAtMs; index += 1) {
      const file = this.#left.shift();
      if (!file) break;
      const result = multiple ? this.#addOne(file) : this.#replaceBy(file, index);
      if (!result) continue;
      if ('code' in result) this.#refuse(result);
      else addedCount += 1;
    }
    this.#uploads.drawSoon();
    this.#addedCount += addedCount;
    if (addedCount > 0) this.#host.filesChanged({ isSilent: false });
    if (!this.#host.isHeld && (!this.isBusy || this.#addedCount >= WAVE)) this.#uploads.start();
    // The end is told in a task of its own: what is said is drawn at once.
    this.#timer = setTimeout(() => (this.isBusy ? this.#takeSlice() : this.#end()));
  }

  #end(): void {
    this.#host.filesStarted(this.#addedCount, this.#host.isHeld);
    this.stop();
    this.#uploads.settle();
  }

  #addOne(picked: PickedFile): FileSnapshot | Rejection | undefined {
    const { engine, list } = this.#uploads;
    const { added, rejected } = this.#uploads.quietly(() => engine.add([picked]));
    const file = added[0];
    if (!file) return rejected[0];
    const isTaken = this.#host.dispatchEvent(new UploadAddEvent(file));
    // Whoever hears of it may have emptied the list.
    if (isTaken && engine.source(file.id)) {
      list.setFile(file);
      return file;
    }
    this.#uploads.quietly(() => engine.remove(file.id));
    return undefined;
  }

  /** Without `multiple` a new file takes the place of the listed one, but only when it passes. */
  #replaceBy(picked: PickedFile, index: number): FileSnapshot | Rejection | undefined {
    const { policy, engine, files } = this.#uploads;
    const limits = [this.#host.engineOptions.restrictions ?? {}, policy ? policyRestrictions(policy) : {}];
    const rejection = findRejection(picked.file, index > 0 ? [{ maxFiles: 1 }] : limits, {
      count: index,
      bytes: 0,
    });
    if (rejection) return rejection;
    this.#uploads.dismissRefusals();
    for (const { id } of files) engine.remove(id);
    return this.#addOne(picked);
  }

  #refuse(rejection: Rejection): void {
    this.#list(rejection);
    this.#host.dispatchEvent(new UploadRejectEvent(rejection));
  }

  #list(rejection: Rejection): void {
    const isSurplus = rejection.code === 'too-many-files';
    if (isSurplus) this.#surplusCount += 1;
    const more = isSurplus ? this.#surplusCount - MAX_SAME_REFUSALS : 0;
    if (more <= 1) this.#lastRefusal += 1;
    const id = more > 1 ? this.#surplusId : `refused-${this.#lastRefusal}`;
    if (more === 1) this.#surplusId = id;
    this.#uploads.list.setRefusal(id, { ...rejection, count: Math.max(1, more) });
  }
}
