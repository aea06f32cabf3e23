// A field of a form: what <input type=file> offers to its form and its label, for the element to build on.
import { AttributesElement } from './attributes.js';
import { FormController, type FormHost } from './form-controller.js';
import type { Invalidity } from './form-value.js';

type StateName = 'dragover' | 'busy' | 'complete' | 'invalid' | 'offline' | 'disabled';

export abstract class FieldElement extends AttributesElement implements FormHost {
  static readonly formAssociated = true;

  protected readonly internals = this.attachInternals();
  protected readonly formState = new FormController(this, this.internals);
  /** From `setCustomValidity()`. */
  protected customMessage = '';
  /** Why the form was not sent, until the list changes. */
  protected notice = '';
  /** The browser found the field invalid and said so; until it is valid again. */
  #isMarkedInvalid = false;
  #isFieldsetDisabled = false;

  constructor() {
    super();
    this.addEventListener('invalid', () => this.#markInvalid());
    // A label's click lands on the element itself, as it would on an input.
    this.addEventListener('click', (event) => {
      if (event.composedPath()[0] === this) this.open();
    });
  }

  abstract get value(): readonly string[];
  abstract get invalidity(): Invalidity | undefined;
  abstract get isPending(): boolean;
  abstract get isBusy(): boolean;
  abstract open(): void;
  abstract start(): void;
  abstract resume(): void;
  /** To screen readers. */
  abstract say(text: string): void;
  protected abstract formReset(): void;

  /** By its own attribute or by a fieldset. */
  get isDisabled(): boolean {
    return this.disabled || this.#isFieldsetDisabled;
  }

  /**
   * A submit waits for the uploads.
   * @internal
   */
  get isHolding(): boolean {
    return this.formState.isHolding;
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  get labels(): NodeList {
    return this.internals.labels;
  }

  get validity(): ValidityState {
    this.formState.sync();
    return this.internals.validity;
  }

  get validationMessage(): string {
    this.formState.sync();
    return this.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.internals.role = 'group';
    this.formState.sync();
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.formState.follow(form);
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.#isFieldsetDisabled = isDisabled;
    this.requestUpdate();
  }

  formResetCallback(): void {
    this.#isMarkedInvalid = false;
    this.notice = '';
    this.formReset();
    this.requestUpdate();
  }

  /** Browsers give no file back to a page that is shown again, and a receipt may have run out: the field starts empty. */
  formStateRestoreCallback(): void {
    this.formReset();
  }

  /** False when the field keeps its form from being sent; fires `invalid` then. */
  checkValidity(): boolean {
    this.formState.sync();
    return this.internals.checkValidity();
  }

  /** The same, and shows why. */
  reportValidity(): boolean {
    this.formState.sync();
    return this.internals.reportValidity();
  }

  /** Makes the field invalid with a message of the page's own; an empty text ends that. */
  setCustomValidity(text: string): void {
    this.customMessage = text;
    this.formState.sync();
    this.requestUpdate();
  }

  /**
   * The form hears of it, and the page when its value is another.
   * @internal
   */
  filesChanged({ isSilent }: { readonly isSilent: boolean }): void {
    this.notice = '';
    if (!this.formState.sync() || isSilent) return;
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** @internal */
  submitHeld(): void {
    this.notice = '';
    this.say(this.language.strings.holding);
  }

  /** @internal */
  submitDropped(reason = ''): void {
    this.notice = `${reason} ${this.language.strings.notSent}`.trim();
    this.say(this.notice);
    this.requestUpdate();
  }

  /** @internal */
  refusedLate(): void {
    if (!this.formState.giveUp()) return;
    this.submitDropped(`${this.language.strings.sumRefused(1)}.`);
    this.focus();
  }

  /**
   * Whoever cancels the files does not expect the form to be sent.
   * @internal
   */
  cancelSubmit(): void {
    if (this.formState.giveUp()) this.say(this.language.strings.notSent);
  }

  /** Why the field was refused, while it still would be. */
  protected get shownInvalidity(): string {
    const message = this.invalidity?.message ?? '';
    if (message === '') this.#isMarkedInvalid = false;
    return this.#isMarkedInvalid && this.willValidate ? message : '';
  }

  protected setStates(states: Readonly<Record<StateName, boolean>>): void {
    for (const [name, isOn] of Object.entries(states)) {
      if (isOn) this.internals.states.add(name);
      else this.internals.states.delete(name);
    }
  }

  #markInvalid(): void {
    this.#isMarkedInvalid = true;
    this.requestUpdate();
  }
}
