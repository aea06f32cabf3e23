// The drop area: an invitation when the list is empty, a slim bar above the files, and what a drag may expect.
import { html, nothing, type TemplateResult } from 'lit';
import type { Restrictions } from '../engine/restrictions.js';
import { describeLimits, nounOf, type Language } from './describe.js';
import type { Drag } from './drop-controller.js';
import type { KnownStrings } from './strings.js';
import { dropIcon, icon, uploadIcon, type Icon } from './icons.js';

/** The plain text, or another one when something that is dragged is not accepted. */
export type DescribeDrag = (
  drag: Drag,
  about: Pick<ZoneInput, 'limits' | 'language'>,
  plain: ZoneText,
) => ZoneText;

export interface ZoneInput {
  readonly limits: Restrictions;
  readonly language: Language;
  readonly drag: Drag | undefined;
  /** What the drag may expect; there once a drag has brought its code. */
  readonly dragText: DescribeDrag | undefined;
  readonly isMultiple: boolean;
  readonly isDisabled: boolean;
  readonly isRequired: boolean;
  readonly isSlim: boolean;
  /** The default slot has content of its own in place of the invitation. */
  readonly hasInvitation: boolean;
  readonly opensFolders: boolean;
  readonly open: (event: Event) => void;
  readonly openFolder: (event: Event) => void;
  readonly slotted: (event: Event) => void;
}

export function dropZone(input: ZoneInput): TemplateResult {
  const { strings } = input.language;
  const { isDisabled, isMultiple, isSlim, limits } = input;
  const noun = nounOf(limits.accept ?? []);
  const text = zoneText(input);
  return html`<div part="dropzone" class="zone ${text.tone} ${isSlim ? 'slim' : ''}" @click=${input.open}>
    <slot name="icon"><span class="glyph">${icon(text.icon)}</span></slot>
    <div class="body">
      <div class="invitation" id="invitation">
        <span ?hidden=${input.hasInvitation && !input.drag?.isOver}>${text.title}</span>
        <span ?hidden=${input.drag?.isOver}><slot @slotchange=${input.slotted}></slot></span>
      </div>
      <div class="hint" id="hint">
        ${input.drag?.isOver ? text.hint : html`<slot name="hint"><bdi>${text.hint}</bdi></slot>`}
        ${input.isRequired ? html`<span class="hidden">${strings.required}</span>` : nothing}
      </div>
    </div>
    <div class="choices">
      ${
        input.opensFolders
          ? html`<button
              part="action"
              class="quiet"
              type="button"
              ?disabled=${isDisabled}
              @click=${input.openFolder}
            >
              ${strings.chooseFolder}
            </button>`
          : nothing
      }
      <button
        part="button"
        class=${isSlim ? 'choose secondary' : 'choose primary'}
        type="button"
        ?disabled=${isDisabled}
        aria-describedby="hint message"
      >
        <slot name="button"
          >${isSlim ? strings.chooseMore(isMultiple) : strings.choose(noun, isMultiple)}</slot
        >
      </button>
    </div>
  </div>`;
}

export interface ZoneText {
  readonly title: string;
  readonly hint: string;
  readonly icon: Icon;
  readonly tone: '' | 'near' | 'over' | 'over refuse';
}

function zoneText(input: ZoneInput): ZoneText {
  const { drag, limits, language, isMultiple, isSlim } = input;
  const { strings } = language;
  const hint = describeLimits(limits, isMultiple, language);
  if (drag?.isOver) {
    const plain: ZoneText = { title: strings.drop(drag.count), hint, icon: dropIcon, tone: 'over' };
    return input.dragText?.(drag, input, plain) ?? plain;
  }
  const title = invitation(strings, isSlim)(nounOf(limits.accept ?? []), isMultiple);
  return { title, hint, icon: uploadIcon, tone: drag ? 'near' : '' };
}

/** Fingers drop nothing: the words fit the device. */
function invitation(strings: KnownStrings, isSlim: boolean): KnownStrings['invite'] {
  if (matchMedia('(hover: none) and (pointer: coarse)').matches) return strings.inviteTouch;
  return isSlim ? strings.inviteMore : strings.invite;
}
