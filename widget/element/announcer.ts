// The live region: whole sentences for screen readers about starts, ends, failures and refusals; never percentages.
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Language } from './describe.js';
import type { CompleteDetail } from './events.js';
import type { LazyFilesView } from './lazy-files-view.js';
import type { Strings } from './strings.js';

const KEPT = 5;

export interface AnnouncerHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
}

export class Announcer implements ReactiveController {
  readonly #host: AnnouncerHost;
  /** Knows the sentences for failures. */
  readonly #view: LazyFilesView;
  #messages: readonly { readonly id: number; readonly text: string }[] = [];
  #nextId = 0;
  #refusals: Rejection[] = [];

  constructor(host: AnnouncerHost, view: LazyFilesView) {
    this.#host = host;
    this.#view = view;
    host.addController(this);
    host.addEventListener('b2-error', ({ detail }) => void this.#failed(detail.file));
    host.addEventListener('b2-reject', ({ detail }) => void this.#refused(detail.rejection));
    host.addEventListener('b2-complete', ({ detail }) => this.#settled(detail));
  }

  hostConnected(): void {
    this.#messages = [];
  }

  say(text: string): void {
    this.#nextId += 1;
    this.#messages = [...this.#messages, { id: this.#nextId, text }].slice(-KEPT);
    this.#host.requestUpdate();
  }

  started(count: number): void {
    if (count > 0) this.say(this.#strings.saidStarted(count));
  }

  /** Sentences are added, never changed: that is what makes them heard. */
  render(): TemplateResult {
    return html`<div class="hidden" role="status">
      ${repeat(
        this.#messages,
        ({ id }) => id,
        ({ text }) => html`<p>${text}</p>`,
      )}
    </div>`;
  }

  async #failed(file: FileSnapshot): Promise<void> {
    const view = await this.#view.load();
    this.say(this.#strings.saidFailed(file.name, view?.failureText(file, this.#host.language) ?? ''));
  }

  /** Many refusals of one drop are one sentence. */
  async #refused(rejection: Rejection): Promise<void> {
    if (this.#refusals.push(rejection) > 1) return;
    const view = await this.#view.load();
    const count = this.#refusals.length;
    this.#refusals = [];
    if (count > 1) return this.say(`${this.#strings.sumRefused(count)}.`);
    const reason = view?.refusalText(rejection, this.#host.language) ?? '';
    this.say(this.#strings.saidRefused(rejection.name, reason));
  }

  #settled({ succeeded, failed }: CompleteDetail): void {
    const [only] = succeeded;
    if (only && succeeded.length === 1 && failed.length === 0) this.say(this.#strings.saidDone(only.name));
    else if (only) this.say(`${this.#strings.sumDone(succeeded.length, failed.length)}.`);
  }

  get #strings(): Strings {
    return this.#host.language.strings;
  }
}
