// The live region: whole sentences for screen readers; never percentages.
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

const KEPT = 5;

export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #queue: string[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#region?.replaceChildren();
  }

  /** Sentences are added, never changed: that is what makes them heard. */
  hostUpdated(): void {
    const region = this.#region;
    if (!region) return;
    for (const text of this.#queue.splice(0)) {
      const sentence = document.createElement('p');
      sentence.textContent = text;
      region.append(sentence);
    }
    while (region.childElementCount > KEPT) region.firstElementChild?.remove();
  }

  say(text: string): void {
    this.#queue.push(text);
    this.#host.requestUpdate();
  }

  render(): TemplateResult {
    return html`<div class="hidden" role="status"></div>`;
  }

  get #region(): Element | null | undefined {
    return this.#host.shadowRoot?.querySelector('[role=status]');
  }
}
