// The live region: whole sentences for screen readers about starts, ends, failures and refusals; never percentages.
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { factsOf, type Language } from './describe.js';
import type { CompleteDetail } from './events.js';
import { failureText } from './item-state.js';
import { errorText, type Strings } from './strings.js';

const KEPT = 5;

export interface AnnouncerHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
}

export class Announcer implements ReactiveController {
  readonly #host: AnnouncerHost;
  #messages: readonly { readonly id: number; readonly text: string }[] = [];
  #nextId = 0;
  #refusals: Rejection[] = [];

  constructor(host: AnnouncerHost) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('b2-error', ({ detail }) => this.#failed(detail.file));
    host.addEventListener('b2-reject', ({ detail }) => this.#refused(detail.rejection));
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

  #failed(file: FileSnapshot): void {
    this.say(this.#strings.saidFailed(file.name, failureText(file, this.#host.language)));
  }

  /** Many refusals of one drop are one sentence. */
  #refused(rejection: Rejection): void {
    if (this.#refusals.push(rejection) > 1) return;
    queueMicrotask(() => {
      const count = this.#refusals.length;
      this.#refusals = [];
      if (count > 1) return this.say(`${this.#strings.sumRefused(count)}.`);
      const facts = factsOf(rejection, rejection, this.#host.language);
      const reason = errorText(this.#strings, { ...rejection, retryable: false }, facts);
      this.say(this.#strings.saidRefused(rejection.name, reason));
    });
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
