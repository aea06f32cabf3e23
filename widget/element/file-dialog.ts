// The file dialog: a hidden input, the clicks that open it, and the fallback input that it replaces.
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';

export interface DialogHost extends ReactiveControllerHost, HTMLElement {
  readonly multiple: boolean;
  readonly capture: string | null;
  readonly isDisabled: boolean;
  add(files: Iterable<File>): void;
}

// Inside an invitation of the page's own, these keep their click.
const OWN_BUSINESS = 'a, input, select, textarea, label, [contenteditable]';

export class FileDialog implements ReactiveController {
  /** The default slot holds an invitation of the page's own. */
  hasInvitation = false;
  readonly #host: DialogHost;

  constructor(host: DialogHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.readSlot();
  }

  open(options?: { readonly isFolder: boolean }): void {
    const input = this.#host.shadowRoot?.querySelector<HTMLInputElement>('input[type=file]');
    if (!input || this.#host.isDisabled) return;
    input.webkitdirectory = options?.isFolder ?? false;
    input.click();
  }

  readonly openFromZone = (event: Event): void => {
    const path = event.composedPath();
    const inside = path.slice(0, path.indexOf(event.currentTarget ?? window));
    const isTaken = inside.some((node) => node instanceof Element && node.matches(OWN_BUSINESS));
    if (!event.defaultPrevented && !isTaken) this.open();
  };

  readonly openFolder = (event: Event): void => {
    event.stopPropagation();
    this.open({ isFolder: true });
  };

  /** Takes over from a fallback input, with what was chosen before the script ran. */
  readonly readSlot = (): void => {
    const files: File[] = [];
    this.hasInvitation = false;
    for (const node of this.#host.childNodes) {
      if (node instanceof HTMLInputElement && node.type === 'file') {
        files.push(...(node.files ?? []));
        // It would add an empty entry to the form.
        node.disabled = true;
        node.value = '';
      } else if (node instanceof Element) this.hasInvitation ||= node.slot === '';
      else this.hasInvitation ||= node instanceof Text && node.data.trim() !== '';
    }
    this.#host.requestUpdate();
    if (files.length > 0) this.#host.add(files);
  };

  render(accept: readonly string[]): TemplateResult {
    return html`<input
      type="file"
      hidden
      tabindex="-1"
      aria-hidden="true"
      accept=${accept.join(',')}
      ?multiple=${this.#host.multiple}
      capture=${this.#host.capture ?? nothing}
      @change=${this.#take}
      @input=${stop}
    />`;
  }

  readonly #take = (event: Event): void => {
    stop(event);
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const files = [...(input.files ?? [])];
    // Emptied, so that the same file can be chosen again.
    input.value = '';
    if (files.length > 0) this.#host.add(files);
  };
}

/** An input's own events cross shadow boundaries; what the page hears must be the element's. */
function stop(event: Event): void {
  event.stopPropagation();
}
