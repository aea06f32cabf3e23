// Keeps the keyboard where it was: when the focused control goes away, its row, the next row, or the main button takes over;
// when all controls are disabled, the drop area. A row takes the focus itself: what is pressed in that moment shall not meet
// the button that removes the file.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Place {
  readonly element: Element;
  readonly rowId: string | undefined;
  readonly index: number;
}

export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #place: Place | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
  }

  hostUpdate(): void {
    const element = this.#host.shadowRoot?.activeElement;
    const row = element?.closest<HTMLElement>('[data-id]');
    this.#place = element
      ? { element, rowId: row?.dataset['id'], index: row ? this.#rows.indexOf(row) : -1 }
      : undefined;
  }

  hostUpdated(): void {
    const place = this.#place;
    this.#place = undefined;
    if (!place) return;
    if (place.element.matches(':disabled')) focusPlainly(this.#zone);
    if (place.element.isConnected) return;
    const rows = this.#rows;
    const own = rows.find(({ dataset }) => dataset['id'] === place.rowId);
    if (own) return focusPlainly(own);
    const next = place.index < 0 ? undefined : (rows[place.index] ?? rows.at(-1));
    (next?.querySelector<HTMLElement>('.remove') ?? this.#button)?.focus();
  }

  get #zone(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('[part~=dropzone]');
  }

  get #rows(): readonly HTMLElement[] {
    return [...(this.#host.shadowRoot?.querySelectorAll<HTMLElement>('li[data-id]') ?? [])];
  }

  get #button(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('[part~=button]');
  }
}

/** It is no stop of the Tab key, yet Tab goes on from there. */
function focusPlainly(place: HTMLElement | null | undefined): void {
  if (!place) return;
  place.tabIndex = -1;
  place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  place.focus();
}
