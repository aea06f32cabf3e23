// The bar under the list: all files as one, with the commands that concern them all.
import { html, nothing, type TemplateResult } from 'lit';
import type { Language } from './describe.js';
import { icon } from './icons.js';
import { BADGES, type ItemState } from './item-state.js';
import { sumUp, summaryText, type Totals } from './summary.js';
import type { Row } from './uploader-controller.js';

export interface SummaryInput {
  readonly rows: readonly Row[];
  readonly language: Language;
  readonly isBusy: boolean;
  /** A submit waits for the uploads. */
  readonly isHolding: boolean;
  readonly isDisabled: boolean;
  /** False while the element is not set up: a start would lead nowhere. */
  readonly canStart: boolean;
  /** 0…1 of all bytes. */
  readonly progress: number;
  readonly start: () => void;
  readonly cancel: () => void;
  readonly retry: () => void;
  readonly dismiss: () => void;
}

export function summaryBar(input: SummaryInput): TemplateResult {
  const { isBusy, language } = input;
  const totals = sumUp(input.rows);
  const { strings } = language;
  const text = summaryText(totals, isBusy, language);
  const state = stateOf(totals, isBusy);
  return html`<div part="summary" class="summary ${state}">
    <span class="mark" aria-hidden="true">${icon(BADGES[state])}</span>
    <div class="body">
      <div class="title"><bdi>${text.title}</bdi></div>
      ${text.meta ? html`<div class="meta"><bdi>${text.meta}</bdi>${text.timeLeft ? html`<bdi class="left">${` · ${text.timeLeft}`}</bdi>` : nothing}</div>` : nothing}
      ${input.isHolding ? html`<div class="meta"><bdi>${strings.holding}</bdi></div>` : nothing}
    </div>
    <div class="choices">${commands(input, totals)}</div>
    ${
      isBusy
        ? html`<progress
            part="progress"
            max="1"
            .value=${input.progress}
            aria-label=${strings.overallProgress}
            aria-valuetext="${text.title}, ${text.meta}"
          ></progress>`
        : nothing
    }
  </div>`;
}

function stateOf(totals: Totals, isBusy: boolean): ItemState {
  if (isBusy) return 'sending';
  if (totals.failed > 0) return 'failed';
  if (totals.queued > 0) return 'waiting';
  return totals.done > 0 ? 'done' : 'refused';
}

function commands(input: SummaryInput, totals: Totals): readonly TemplateResult[] {
  const { isBusy } = input;
  const { strings } = input.language;
  const command = (kind: string, text: string, act: () => void): TemplateResult =>
    html`<button part="action" class=${kind} type="button" ?disabled=${input.isDisabled} @click=${act}>
      ${text}
    </button>`;

  const list: TemplateResult[] = [];
  if (totals.refused > 1) list.push(command('quiet', strings.dismissRefused(totals.refused), input.dismiss));
  if (totals.retryable > 0)
    list.push(command('secondary', strings.retryFailed(totals.retryable), input.retry));
  if (isBusy) list.push(command('secondary', strings.cancel, input.cancel));
  else if (totals.queued > 0 && input.canStart)
    list.push(command('primary', strings.upload(totals.queued), input.start));
  return list;
}
