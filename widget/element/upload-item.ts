// One row of the list: thumbnail with badge | name, meta line, message | actions. The same anatomy in every state.
import { html, nothing, type TemplateResult } from 'lit';
import { extensionOf } from '../../server/rules/accept.js';
import type { FileLanguage } from './file-language.js';
import { splitName, tileKind } from './describe-file.js';
import { closeIcon, openIcon, pageIcon, pauseIcon, removeIcon, resumeIcon, retryIcon } from './file-icons.js';
import { icon } from './icons.js';
import { altField } from './alt-field.js';
import type { AltField } from './alt-texts.js';
import { BADGES, itemView, type Circumstances, type ItemView } from './item-state.js';
import { canPause, canResume } from './pausable.js';
import type { Row } from './upload-rows.js';

export interface ItemContext extends Circumstances {
  readonly isDisabled: boolean;
  readonly remove: (row: Row) => void;
  readonly retry: (id?: string) => void;
  readonly pause: (id?: string) => void;
  readonly resume: (id?: string) => void;
  readonly showTile: (event: Event) => void;
  readonly writeAltText: (id: string, text: string) => void;
  readonly commitAltText: (id: string) => void;
}

export interface ItemInput {
  readonly row: Row;
  readonly previewUrl: string | null;
  /** Undefined when it has no field for a description. */
  readonly alt: AltField | undefined;
}

// A value, because minified templates lose spaces at their edges.
const DOT = ' · ';

export function uploadItem({ row, previewUrl, alt }: ItemInput, context: ItemContext): TemplateResult {
  // What lacks its description is not ready.
  const view = itemView(row, alt?.isMissing ? { ...context, isHeld: false } : context);
  return html`
    <div part="preview" class="preview">
      ${
        previewUrl
          ? html`<img
              src=${previewUrl}
              alt=""
              decoding="async"
              draggable="false"
              @error=${context.showTile}
            />`
          : tile(view)
      }
      <span class="badge">${icon(BADGES[view.state])}</span>
    </div>
    <div class="body">
      ${fileName(view.name)}
      <div class="meta">
        ${metaLine(view)}${view.timeLeft ? html`<span class="left">${DOT}<bdi>${view.timeLeft}</bdi></span>` : nothing}
      </div>
    </div>
    ${view.note ? html`<div class="note"><bdi>${view.note}</bdi></div>` : nothing}
    ${view.message ? problem(row, view, context) : nothing}
    <div class="actions">
      ${openLink(row, view, context)}${pauseButton(row, view, context)}${removeButton(row, view, context)}
    </div>
    ${alt ? altField({ ...context, id: row.id, name: view.name, field: alt }) : nothing}
    ${view.progress === undefined ? nothing : progressBar(view, context.language)}
  `;
}

/** Size and state; when nothing moves, the state comes first, for it says what to do. */
function metaLine({ size, status, state }: ItemView): TemplateResult {
  const word = html`<bdi part="status" class="status">${status}</bdi>`;
  if (!size) return word;
  const bytes = html`<bdi part="size">${size}</bdi>`;
  const isStill = state === 'stalled' || state === 'paused';
  return isStill ? html`${word}<span class="left">${DOT}${bytes}</span>` : html`${bytes}${DOT}${word}`;
}

function tile({ name, type }: ItemView): TemplateResult {
  const extension = extensionOf(name).toUpperCase();
  return html`<span class="tile" data-kind=${tileKind(name, type)} aria-hidden="true"
    >${extension.length > 0 && extension.length < 5 ? extension : icon(pageIcon)}</span
  >`;
}

/** Long names give way in the middle, so that the extension stays; the whole name is there for hovering and hearing. */
function fileName(name: string): TemplateResult {
  const [head, tail] = splitName(name);
  if (tail === '') return html`<bdi part="name" class="name" title=${name}>${name}</bdi>`;
  return html`<bdi part="name" class="name" title=${name}
    ><span class="hidden">${name}</span><span class="head" aria-hidden="true">${head}</span
    ><span class="tail" aria-hidden="true">${tail}</span></bdi
  >`;
}

function progressBar(
  { name, progress = 0, size, status }: ItemView,
  { strings }: FileLanguage,
): TemplateResult {
  return html`<progress
    part="progress"
    max="1"
    .value=${progress}
    aria-label=${strings.progressOf(name)}
    aria-valuetext="${size}, ${status}"
  ></progress>`;
}

/** What went wrong and what to do, with the button that does it. */
function problem(row: Row, { message, name }: ItemView, context: ItemContext): TemplateResult {
  const { strings } = context.language;
  return html`<div class="problem">
    <bdi part="message" class="reason">${message}</bdi>
    ${
      row.file?.error?.retryable
        ? html`<button
            part="action"
            class="secondary retry"
            type="button"
            ?disabled=${context.isDisabled}
            aria-label=${strings.retryFile(name)}
            @click=${() => context.retry(row.id)}
          >
            ${icon(retryIcon)}${strings.retry}
          </button>`
        : nothing
    }
  </div>`;
}

function openLink(row: Row, { name }: ItemView, { language }: ItemContext): TemplateResult | typeof nothing {
  const url = row.file?.status === 'complete' ? row.file.url : null;
  if (!url || !/^https?:\/\//i.test(url)) return nothing;
  return html`<a
    part="action"
    class="action"
    href=${url}
    target="_blank"
    rel="noopener noreferrer"
    aria-label=${language.strings.openFile(name)}
    >${icon(openIcon)}<span class="label">${language.strings.open}</span></a
  >`;
}

/** One button for both, so that the keyboard stays on it. */
function pauseButton(row: Row, { name }: ItemView, context: ItemContext): TemplateResult | typeof nothing {
  const { file, id } = row;
  const isPaused = file !== undefined && canResume(file);
  if (!isPaused && !(file && canPause(file, context.isHeld))) return nothing;
  const { strings } = context.language;
  return html`<button
    part="action"
    class="action pause"
    type="button"
    ?disabled=${context.isDisabled}
    aria-label=${isPaused ? strings.resumeFile(name) : strings.pauseFile(name)}
    @click=${() => (isPaused ? context.resume(id) : context.pause(id))}
  >
    ${icon(isPaused ? resumeIcon : pauseIcon)}
  </button>`;
}

function removeButton(row: Row, view: ItemView, context: ItemContext): TemplateResult {
  const { strings } = context.language;
  const [name, label] = {
    waiting: [closeIcon, strings.removeFile] as const,
    sending: [closeIcon, strings.cancelFile] as const,
    stalled: [closeIcon, strings.cancelFile] as const,
    paused: [closeIcon, strings.cancelFile] as const,
    done: [removeIcon, strings.removeFile] as const,
    failed: [removeIcon, strings.removeFile] as const,
    refused: [closeIcon, strings.dismissFile] as const,
  }[view.state];
  return html`<button
    part="action"
    class="action remove"
    type="button"
    ?disabled=${context.isDisabled}
    aria-label=${label(view.name)}
    @click=${() => context.remove(row)}
  >
    ${icon(name)}
  </button>`;
}
