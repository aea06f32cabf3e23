// The drop area: an invitation when the list is empty, a slim bar above the files, and what a drag may expect.
import { html, nothing, type TemplateResult } from 'lit';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import { acceptedType } from '../../server/rules/accept.js';
import type { Restrictions } from '../engine/restrictions.js';
import { describeAccept, describeLimits, nounOf, type Language } from './describe.js';
import type { Drag } from './drop-controller.js';
import type { KnownStrings } from './strings.js';
import { dropIcon, icon, refuseIcon, uploadIcon, type Icon } from './icons.js';

export interface ZoneInput {
  readonly limits: Restrictions;
  readonly language: Language;
  readonly drag: Drag | undefined;
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

interface ZoneText {
  readonly title: string;
  readonly hint: string;
  readonly icon: Icon;
  readonly tone: '' | 'near' | 'over' | 'over refuse';
}

function zoneText({ drag, limits, language, isMultiple, isSlim }: ZoneInput): ZoneText {
  const { strings } = language;
  const { accept = [] } = limits;
  const noun = nounOf(accept);
  if (!drag?.isOver) {
    const title = invitation(strings, isSlim)(noun, isMultiple);
    const tone = drag ? 'near' : '';
    return { title, hint: describeLimits(limits, isMultiple, language), icon: uploadIcon, tone };
  }
  const refused = drag.types.filter((type) => !typeMayPass(type, accept)).length;
  if (refused === 0) {
    return {
      title: strings.drop(drag.count),
      hint: describeLimits(limits, isMultiple, language),
      icon: dropIcon,
      tone: 'over',
    };
  }
  const said = strings.dropRefused(drag.count, refused);
  const instead = accept.length > 0 ? strings.useInstead(describeAccept(accept, language)) : '';
  if (refused === drag.count) return { title: said, hint: instead, icon: refuseIcon, tone: 'over refuse' };
  return { title: strings.drop(drag.count), hint: `${said} ${instead}`, icon: dropIcon, tone: 'over' };
}

/** Fingers drop nothing: the words fit the device. */
function invitation(strings: KnownStrings, isSlim: boolean): KnownStrings['invite'] {
  if (matchMedia('(hover: none) and (pointer: coarse)').matches) return strings.inviteTouch;
  return isSlim ? strings.inviteMore : strings.invite;
}

/** Whether a file of this type could pass under some name; a drag shows types, not names. */
function typeMayPass(type: string, accept: readonly string[]): boolean {
  if (type === '') return true;
  const names = [...EXTENSION_TYPES].filter(([, one]) => one === type).map(([extension]) => `x.${extension}`);
  return [...names, 'x'].some((name) => acceptedType({ name, type }, { accept }) !== undefined);
}
