// The live region: whole sentences for screen readers about starts, ends, failures and refusals; never percentages.
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Language } from './describe.js';
import type { LazyFilesView } from './lazy-files-view.js';

const KEPT = 5;

export interface AnnouncerHost extends ReactiveControllerHost, HTMLElement {
  readonly language: Language;
  /** A file of this element has been stored. */
  readonly hasStored: boolean;
}

export class Announcer implements ReactiveController {
  readonly host: AnnouncerHost;
  #messages: readonly { readonly id: number; readonly text: string }[] = [];
  #nextId = 0;

  constructor(host: AnnouncerHost, view: LazyFilesView) {
    this.host = host;
    host.addController(this);
    // What became of files is put into words by code that comes with the first of them.
    for (const type of ['b2-error', 'b2-reject', 'b2-complete'] as const)
      host.addEventListener(type, async (event) => (await view.load())?.narrate(event, this));
  }

  hostConnected(): void {
    this.#messages = [];
  }

  say(text: string): void {
    this.#nextId += 1;
    this.#messages = [...this.#messages, { id: this.#nextId, text }].slice(-KEPT);
    this.host.requestUpdate();
  }

  started(count: number): void {
    if (count > 0) this.say(this.host.language.strings.saidStarted(count));
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
}
