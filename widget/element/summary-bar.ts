// The bar under the list: all files as one, with the commands that concern them all.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
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
      ${text.meta ? html`<div class="meta"><bdi>${text.meta}</bdi>${text.timeLeft ? html`<span class="left">${' · '}<bdi>${text.timeLeft}</bdi></span>` : nothing}</div>` : nothing}
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

interface Command {
  /** Each kind is a button of its own: what has the focus, or is clicked twice, never turns into another command. */
  readonly kind: 'dismiss' | 'retry' | 'cancel' | 'upload';
  readonly look: 'quiet' | 'secondary' | 'primary';
  readonly text: string;
  readonly act: () => void;
}

function commands(input: SummaryInput, totals: Totals): TemplateResult {
  return html`${repeat(
    listCommands(input, totals),
    ({ kind }) => kind,
    ({ look, text, act }) =>
      html`<button part="action" class=${look} type="button" ?disabled=${input.isDisabled} @click=${act}>
        ${text}
      </button>`,
  )}`;
}

function listCommands(input: SummaryInput, totals: Totals): readonly Command[] {
  const { isBusy, dismiss, retry, cancel, start: act } = input;
  const { strings } = input.language;
  const { refused, retryable, queued } = totals;
  const list: Command[] = [];
  if (refused > 1)
    list.push({ kind: 'dismiss', look: 'quiet', text: strings.dismissRefused(refused), act: dismiss });
  if (retryable > 0)
    list.push({ kind: 'retry', look: 'secondary', text: strings.retryFailed(retryable), act: retry });
  if (isBusy) list.push({ kind: 'cancel', look: 'secondary', text: strings.cancel, act: cancel });
  else if (queued > 0 && input.canStart)
    list.push({ kind: 'upload', look: 'primary', text: strings.upload(queued), act });
  return list;
}
