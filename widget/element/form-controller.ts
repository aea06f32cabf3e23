// The element's part in a form: its value, its validity, and the submit that waits for the uploads.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Invalidity } from './form-value.js';

export interface FormHost extends ReactiveControllerHost, HTMLElement {
  readonly name: string;
  readonly value: readonly string[];
  readonly invalidity: Invalidity | undefined;
  readonly isDisabled: boolean;
  /** Files are being sent, are paused, or wait for the form to be submitted. */
  readonly isPending: boolean;
  /** Files are being sent. */
  readonly isBusy: boolean;
  start(): void;
  resume(): void;
  reportValidity(): boolean;
  submitHeld(): void;
  /** The submit that waited is dropped without a failure that the form shows by itself. */
  submitDropped(): void;
}

interface Held {
  readonly form: HTMLFormElement;
  readonly submitter: HTMLElement | null;
}

/** Fields of one form wait together: who hears a submit first tells the others. */
const fieldsOf = new WeakMap<HTMLFormElement, Set<FormController>>();

export class FormController implements ReactiveController {
  readonly #host: FormHost;
  readonly #internals: ElementInternals;
  #entries: readonly string[] = [];
  #entryName = '';
  #form: HTMLFormElement | null = null;
  #root: Node | undefined;
  #held: Held | undefined;
  #isRepeating = false;

  constructor(host: FormHost, internals: ElementInternals) {
    this.#host = host;
    this.#internals = internals;
    host.addController(this);
    // Once another file may have taken the place of the removed one.
    host.addEventListener('b2-remove', () => {
      if (this.#held) queueMicrotask(() => this.#missFile());
    });
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
    if (this.#form) fieldsOf.get(this.#form)?.delete(this);
    this.#form = form;
    // A move within a form goes by way of no form at all.
    if (!form) return;
    if (!fieldsOf.has(form)) fieldsOf.set(form, new Set());
    fieldsOf.get(form)?.add(this);
    if (this.#held?.form !== form) this.#held = undefined;
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
    const isSame =
      value === this.#entries ||
      (value.length === this.#entries.length && value.every((one, i) => one === this.#entries[i]));
    if (isSame && name === this.#entryName) return false;
    this.#entries = value;
    this.#entryName = name;
    this.#internals.setFormValue(toFormData(name, value));
    return !isSame;
  }

  /**
   * Drops the submit that waited, for every field of the form.
   * @returns False when none waited.
   */
  giveUp(): boolean {
    const isHolding = this.isHolding;
    if (isHolding) for (const field of this.#fields) field.#release();
    return isHolding;
  }

  /** Nothing is left to do: the submit that waited goes on, unless a file is missing. */
  #settle(hasFailed: boolean): void {
    const held = this.#held;
    if (!held || this.#host.isBusy) return;
    if (hasFailed || this.#host.isPending || held.form !== this.#form) {
      this.giveUp();
      if (hasFailed || this.#host.invalidity) this.#host.reportValidity();
      else this.#host.submitDropped();
      return;
    }
    this.#release();
    // The last one to finish sends the form.
    if (!this.#isAwaited) this.#repeat(held);
  }

  /** A file was taken off the list: that never sends the form. */
  #missFile(): void {
    if (!this.#held || this.#host.isPending) return;
    const isAwaited = this.#isAwaited;
    this.#release();
    if (!isAwaited) this.#host.submitDropped();
  }

  readonly #hold = (event: Event): void => {
    const form = this.#form;
    if (!form || event.target !== form || event.defaultPrevented || this.#isRepeating) return;
    const pending = this.#fields.filter((field) => field.#isPending);
    if (pending.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event instanceof SubmitEvent ? event.submitter : null;
    for (const field of pending) {
      const isFirst = !field.#held;
      field.#held = { form, submitter };
      if (isFirst) field.#host.submitHeld();
      field.#host.start();
      // Whoever sends the form wants what belongs to it.
      field.#host.resume();
    }
  };

  get #fields(): readonly FormController[] {
    return this.#form ? [...(fieldsOf.get(this.#form) ?? [])] : [this];
  }

  get #isPending(): boolean {
    return this.#host.isPending && !this.#host.isDisabled;
  }

  /** Another field of the form has files under way. */
  get #isAwaited(): boolean {
    return this.#fields.some((field) => field !== this && field.#held);
  }

  #release(): void {
    this.#held = undefined;
    this.#host.requestUpdate();
  }

  #repeat({ form, submitter }: Held): void {
    const isPart = submitter instanceof HTMLElement && 'form' in submitter && submitter.form === form;
    this.#isRepeating = true;
    form.requestSubmit(isPart ? submitter : null);
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
