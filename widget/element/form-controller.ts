// The element's part in a form: its value, its validity, and the submit that waits for the uploads.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Invalidity } from './form-value.js';

export interface FormHost extends ReactiveControllerHost, HTMLElement {
  readonly name: string;
  readonly value: readonly string[];
  readonly invalidity: Invalidity | undefined;
  readonly isDisabled: boolean;
  /** Files are being sent, or wait for the form to be submitted. */
  readonly isPending: boolean;
  start(): void;
  reportValidity(): boolean;
  submitHeld(): void;
}

export class FormController implements ReactiveController {
  readonly #host: FormHost;
  readonly #internals: ElementInternals;
  #entries: readonly string[] = [];
  #entryName = '';
  #root: Node | undefined;
  #held: { readonly submitter: HTMLElement | null } | undefined;
  #isRepeating = false;

  constructor(host: FormHost, internals: ElementInternals) {
    this.#host = host;
    this.#internals = internals;
    host.addController(this);
    // A file that the site refused late is missing: whoever pressed submit should see that.
    host.addEventListener('b2-reject', () => this.giveUp());
    host.addEventListener('b2-complete', ({ detail }) => {
      this.sync();
      // After everybody else has heard of it.
      queueMicrotask(() => this.#settle(detail.failed.length > 0));
    });
  }

  hostUpdated(): void {
    this.sync();
  }

  /** True while a submit waits for the uploads. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Follows the form that the element belongs to. The root hears a submit before anything on the form does. */
  follow(form: HTMLFormElement | null): void {
    this.#root?.removeEventListener('submit', this.#hold, true);
    this.#root = form?.getRootNode();
    this.#root?.addEventListener('submit', this.#hold, true);
    this.#held = undefined;
  }

  /**
   * Brings the form up to date.
   * @returns True when the value changed.
   */
  sync(): boolean {
    const { name, value, invalidity } = this.#host;
    const anchor = this.#host.shadowRoot?.querySelector<HTMLElement>('[part~=button]') ?? undefined;
    if (invalidity) this.#internals.setValidity(invalidity.flags, invalidity.message, anchor);
    else this.#internals.setValidity({});
    const isSame = value.length === this.#entries.length && value.every((one, i) => one === this.#entries[i]);
    if (isSame && name === this.#entryName) return false;
    this.#entries = value;
    this.#entryName = name;
    this.#internals.setFormValue(toFormData(name, value));
    return !isSame;
  }

  /** Nothing is left to do: the submit that waited goes on, unless something failed. */
  #settle(hasFailed: boolean): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    this.#host.requestUpdate();
    if (hasFailed) this.#host.reportValidity();
    else this.#repeat(held.submitter);
  }

  /** The submit that waited is dropped. */
  giveUp(): void {
    this.#held = undefined;
  }

  readonly #hold = (event: Event): void => {
    if (event.target !== this.#internals.form || event.defaultPrevented || this.#isRepeating) return;
    if (this.#host.isDisabled || !this.#host.isPending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const isFirst = !this.#held;
    this.#held = { submitter: event instanceof SubmitEvent ? event.submitter : null };
    if (isFirst) this.#host.submitHeld();
    this.#host.start();
  };

  #repeat(submitter: HTMLElement | null): void {
    const { form } = this.#internals;
    const isPart = submitter instanceof HTMLElement && 'form' in submitter && submitter.form === form;
    this.#isRepeating = true;
    form?.requestSubmit(isPart ? submitter : null);
    this.#isRepeating = false;
  }
}

/** One entry per finished file; none without a name, as with every field. */
function toFormData(name: string, values: readonly string[]): FormData | null {
  if (name === '' || values.length === 0) return null;
  const data = new FormData();
  for (const value of values) data.append(name, value);
  return data;
}
