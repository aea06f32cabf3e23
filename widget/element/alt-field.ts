// The field for a picture's description, under its name.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { AltField } from './alt-texts.js';
import type { FileLanguage } from './file-language.js';

export interface AltFieldInput {
  readonly id: string;
  readonly name: string;
  readonly field: AltField;
  readonly language: FileLanguage;
  readonly isDisabled: boolean;
  readonly writeAltText: (id: string, text: string) => void;
  readonly commitAltText: (id: string) => void;
}

/** What the signer takes, in characters. */
const MAX_LENGTH = 1000;

export function altField(input: AltFieldInput): TemplateResult {
  const { id, name, field, language, isDisabled } = input;
  const { strings } = language;
  const { isFixed, isMissing, isRequired } = field;
  const hint = hintOf(field, language);
  return html`<label class="alt">
    <span class="meta" aria-hidden="true">${isRequired ? strings.describe : strings.describeOptional}</span>
    <input
      part="alt-text"
      type="text"
      dir=${field.text ? 'auto' : nothing}
      maxlength=${MAX_LENGTH}
      autocomplete="off"
      enterkeyhint="done"
      aria-label=${strings.describeFile(name)}
      aria-description=${hint || nothing}
      aria-required=${isRequired}
      aria-invalid=${isMissing}
      placeholder=${isFixed ? strings.notDescribed : nothing}
      ?readonly=${isFixed}
      ?disabled=${isDisabled}
      .value=${live(field.text)}
      @input=${({ target }: Event) => target instanceof HTMLInputElement && input.writeAltText(id, target.value)}
      @change=${() => input.commitAltText(id)}
      @keydown=${(event: KeyboardEvent) => leave(event, () => input.commitAltText(id))}
    />
    ${hint ? html`<span class="alt-hint" aria-hidden="true"><bdi>${hint}</bdi></span>` : nothing}
  </label>`;
}

function hintOf({ isMissing, isFound }: AltField, { strings }: FileLanguage): string {
  if (isMissing) return strings.describeMissing(1);
  return isFound ? strings.describeFound : '';
}

/** Enter ends one description and goes on to the next picture's; a composition of letters ends by itself. */
function leave(event: KeyboardEvent, commit: () => void): void {
  const { target, key, isComposing } = event;
  if (key !== 'Enter' || isComposing || !(target instanceof HTMLInputElement)) return;
  event.preventDefault();
  commit();
  const list = target.closest('ul');
  const fields = [...(list?.querySelectorAll<HTMLInputElement>('.alt input:not([readonly])') ?? [])];
  fields[fields.indexOf(target) + 1]?.focus();
}
