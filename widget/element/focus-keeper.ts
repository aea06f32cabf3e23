// Keeps the keyboard where it was: when the focused control goes away, its row, the next row, or the main button takes over;
// when all controls are disabled, the drop area.
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
    if (place.element.matches(':disabled')) this.#focusZone();
    if (place.element.isConnected) return;
    const rows = this.#rows;
    const row =
      rows.find(({ dataset }) => dataset['id'] === place.rowId) ??
      (place.index < 0 ? undefined : (rows[place.index] ?? rows.at(-1)));
    const next = row?.querySelector<HTMLElement>('.remove') ?? this.#button;
    next?.focus();
  }

  /** Disabled, it is no stop of the Tab key, yet Tab goes on from there. */
  #focusZone(): void {
    const zone = this.#host.shadowRoot?.querySelector<HTMLElement>('[part~=dropzone]');
    if (!zone) return;
    zone.tabIndex = -1;
    zone.addEventListener('blur', () => zone.removeAttribute('tabindex'), { once: true });
    zone.focus();
  }

  get #rows(): readonly HTMLElement[] {
    return [...(this.#host.shadowRoot?.querySelectorAll<HTMLElement>('li[data-id]') ?? [])];
  }

  get #button(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('[part~=button]');
  }
}
