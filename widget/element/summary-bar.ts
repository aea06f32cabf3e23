// The bar under the list: all files as one, with the commands that concern them all.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FileLanguage } from './file-language.js';
import { icon } from './icons.js';
import { BADGES } from './item-state.js';
import { canPauseAll } from './pausable.js';
import { sumUp, summaryState, summaryText, type Totals } from './summary.js';
import type { Row } from './upload-rows.js';

export interface SummaryInput {
  readonly rows: readonly Row[];
  readonly language: FileLanguage;
  readonly isBusy: boolean;
  /** Pictures that need a description before they are sent. */
  readonly missingCount: number;
  /** A submit waits for the uploads. */
  readonly isHolding: boolean;
  readonly isDisabled: boolean;
  /** False while the element is not set up: a start would lead nowhere. */
  readonly canStart: boolean;
  readonly start: () => void;
  readonly cancel: () => void;
  readonly retry: (id?: string) => void;
  readonly pause: (id?: string) => void;
  readonly resume: (id?: string) => void;
  readonly dismiss: () => void;
}

export function summaryBar(input: SummaryInput): TemplateResult {
  const { isBusy, language } = input;
  const totals = sumUp(input.rows, input.missingCount);
  const { strings } = language;
  const state = summaryState(totals, isBusy);
  const text = summaryText(totals, state, language);
  return html`<div part="summary" class="summary ${state}">
    <span class="mark" aria-hidden="true">${icon(BADGES[state])}</span>
    <div class="body">
      <div class="title"><bdi>${text.title}</bdi></div>
      ${text.meta ? html`<div class="meta"><bdi>${text.meta}</bdi>${text.timeLeft ? html`<span class="left">${' · '}<bdi>${text.timeLeft}</bdi></span>` : nothing}</div>` : nothing}
      ${text.note ? html`<div class="meta"><bdi>${text.note}</bdi></div>` : nothing}
      ${input.isHolding ? html`<div class="meta"><bdi>${strings.holding}</bdi></div>` : nothing}
    </div>
    <div class="choices">${commands(input, totals)}</div>
    ${
      isBusy || state === 'paused'
        ? html`<progress
            part="progress"
            max="1"
            .value=${totals.progress}
            aria-label=${strings.overallProgress}
            aria-valuetext="${text.title}, ${text.meta}"
          ></progress>`
        : nothing
    }
  </div>`;
}

interface Command {
  /** Each kind is a button of its own: what has the focus, or is clicked twice, never turns into another command. */
  readonly kind: 'dismiss' | 'retry' | 'pause' | 'cancel' | 'upload';
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
  const { isBusy, dismiss, start } = input;
  const { strings } = input.language;
  const { refused, retryable, queued, missing } = totals;
  const list: Command[] = [];
  if (refused > 1)
    list.push({ kind: 'dismiss', look: 'quiet', text: strings.dismissRefused(refused), act: dismiss });
  if (retryable > 0) {
    const text = strings.retryFailed(retryable);
    list.push({ kind: 'retry', look: 'secondary', text, act: () => input.retry() });
  }
  const pause = pauseCommand(input, totals);
  if (pause) list.push(pause);
  if (isBusy || totals.paused > 0)
    list.push({ kind: 'cancel', look: 'secondary', text: strings.cancel, act: input.cancel });
  else if (queued > 0 && input.canStart)
    list.push({
      kind: 'upload',
      look: 'primary',
      text: strings.upload(queued - missing || queued),
      act: start,
    });
  return list;
}

/** One button for both, so that the keyboard stays on it. */
function pauseCommand(input: SummaryInput, totals: Totals): Command | undefined {
  const { strings } = input.language;
  const { paused, active, waiting, queued } = totals;
  const under = active + waiting + queued;
  if (input.isBusy && canPauseAll(input.rows))
    return { kind: 'pause', look: 'secondary', text: strings.pauseAll(under), act: () => input.pause() };
  if (paused === 0) return undefined;
  const look = input.isBusy ? 'secondary' : 'primary';
  return { kind: 'pause', look, text: strings.resumeAll(paused), act: () => input.resume() };
}
