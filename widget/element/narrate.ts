// What screen readers are told of files: many of a kind are one sentence, and a wait is told once.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Language } from './describe.js';
import { failureText, refusalText } from './error-text.js';
import type { CompleteDetail, UploadCompleteEvent, UploadErrorEvent, UploadRejectEvent } from './events.js';
import { fileLanguage, type FileLanguage } from './file-language.js';
import { describeWait } from './describe-wait.js';
import type { UploaderController } from './uploader-controller.js';

// Long enough for the failures of one cause to come together.
const GATHER_MS = 1000;
// Most waits are over by then, and nobody needs to hear of them.
const WAIT_MS = 2000;

export interface NarratorHost extends ReactiveControllerHost {
  readonly language: Language;
  readonly uploads: UploaderController;
  /** Told already, with what it means. */
  readonly isOffline: boolean;
  say(text: string): void;
}

export class Narrator implements ReactiveController {
  readonly #host: NarratorHost;
  readonly #failures: FileSnapshot[] = [];
  readonly #refusals: Rejection[] = [];
  #failureTimer: ReturnType<typeof setTimeout> | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #goOnTimer: ReturnType<typeof setTimeout> | undefined;
  #hasToldWait = false;

  constructor(host: NarratorHost) {
    this.#host = host;
    host.addController(this);
  }

  /** A wait is told when it lasts, and its end when that lasts: between two tries a file looks as if it went on. */
  hostUpdated(): void {
    const { list, isBusy } = this.#host.uploads;
    const isWaiting = list.count('waiting') > 0;
    if (isWaiting || !isBusy) this.#goOnTimer = clearTimer(this.#goOnTimer);
    const isNews = isWaiting && !this.#hasToldWait && this.#waitTimer === undefined;
    if (isNews) this.#waitTimer = setTimeout(() => this.#tellWait(), WAIT_MS);
    if (isWaiting || !this.#hasToldWait) return;
    if (isBusy) this.#goOnTimer ??= setTimeout(() => this.#tellGoOn(), WAIT_MS);
    else this.#hasToldWait = false;
  }

  /** @param isHeld - They only wait in the list: for a command, or for their descriptions. */
  started(count: number, isHeld = false): void {
    const { saidAdded, saidStarted } = this.#language.strings;
    if (count > 0) this.#host.say((isHeld ? saidAdded : saidStarted)(count));
  }

  removed(name: string): void {
    this.#host.say(this.#language.strings.saidRemoved(name));
  }

  cancelled(): void {
    this.#host.say(this.#language.strings.saidCancelled);
  }

  /** @param id - The file; undefined for all. */
  paused(id?: string): void {
    const { strings } = this.#language;
    const name = this.#nameOf(id);
    this.#host.say(name === undefined ? strings.saidPaused : strings.saidFilePaused(name));
  }

  /** @param id - The file; undefined for all. */
  resumed(id?: string): void {
    const { strings } = this.#language;
    const name = this.#nameOf(id);
    // Nothing moves before the network is back.
    if (this.#host.isOffline)
      this.#host.say(`${strings.waitingNetwork}. ${strings.waits.offline ?? strings.waitsElse}`);
    else this.#host.say(name === undefined ? strings.saidGoesOn : strings.saidFileGoesOn(name));
  }

  /** Takes in what became of a file. */
  hear({ detail }: UploadErrorEvent | UploadRejectEvent | UploadCompleteEvent): void {
    if ('failed' in detail) this.#settle(detail);
    else if ('file' in detail) {
      this.#failures.push(detail.file);
      this.#failureTimer ??= setTimeout(() => this.#tellFailures(), GATHER_MS);
    } else if (this.#refusals.push(detail.rejection) === 1) queueMicrotask(() => this.#tellRefusals());
  }

  get #language(): FileLanguage {
    return fileLanguage(this.#host.language);
  }

  /** Undefined where no other file could be meant. */
  #nameOf(id: string | undefined): string | undefined {
    const { list } = this.#host.uploads;
    return id === undefined || list.fileCount === 1 ? undefined : list.get(id)?.file?.name;
  }

  #tellWait(): void {
    this.#waitTimer = undefined;
    const waiting = this.#host.uploads.files.find(({ status }) => status === 'waiting');
    if (!waiting || this.#host.isOffline) return;
    this.#hasToldWait = true;
    const { status, note } = describeWait(waiting, this.#language.strings);
    this.#host.say(`${status.replace(/…$/, '')}. ${note}`);
  }

  #tellGoOn(): void {
    this.#goOnTimer = undefined;
    this.#hasToldWait = false;
    this.resumed();
  }

  /** Many refusals of one drop are one sentence. */
  #tellRefusals(): void {
    const [only, ...others] = this.#refusals.splice(0);
    if (!only) return;
    const { strings } = this.#language;
    if (others.length > 0) this.#host.say(`${strings.sumRefused(others.length + 1)}.`);
    else this.#host.say(strings.saidRefused(only.name, refusalText(only, this.#language)));
  }

  /** @returns How many files the last sentence was about. */
  #tellFailures(): number {
    clearTimeout(this.#failureTimer);
    this.#failureTimer = undefined;
    let told = 0;
    for (const [reason, files] of this.#byReason(this.#failures.splice(0))) {
      const { strings } = this.#language;
      const [only] = files;
      told = files.length;
      if (only && told === 1) this.#host.say(strings.saidFailed(only.name, reason));
      else this.#host.say(`${strings.sumDone(0, told)}. ${reason}`);
    }
    return told;
  }

  #byReason(files: readonly FileSnapshot[]): ReadonlyMap<string, FileSnapshot[]> {
    const groups = new Map<string, FileSnapshot[]>();
    for (const file of files) {
      const reason = failureText(file, this.#language, this.#host.uploads.hasStored);
      const group = groups.get(reason) ?? [];
      group.push(file);
      groups.set(reason, group);
    }
    return groups;
  }

  #settle({ succeeded, failed }: CompleteDetail): void {
    const told = this.#tellFailures();
    const { strings } = this.#language;
    const [only] = succeeded;
    if (only && succeeded.length === 1 && failed.length === 0) this.#host.say(strings.saidDone(only.name));
    else if (only || told < failed.length)
      this.#host.say(`${strings.sumDone(succeeded.length, failed.length)}.`);
  }
}

function clearTimer(timer: ReturnType<typeof setTimeout> | undefined): undefined {
  clearTimeout(timer);
}
