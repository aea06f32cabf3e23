// The list: one keyed row per file, drawn again only when that file changed.
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { itemState } from './item-state.js';
import { uploadItem, type ItemContext } from './upload-item.js';
import type { Row } from './uploader-controller.js';

export interface ListInput extends ItemContext {
  /** The rows to draw now; more follow. */
  readonly drawnRows: readonly Row[];
  /** Object URL of a row's thumbnail. */
  readonly previewOf: (id: string) => string | null;
}

export function uploadList(input: ListInput): TemplateResult {
  const { drawnRows, language, isHeld, isDisabled, hasStored } = input;
  return html`<ul part="list" class="list" role="list" aria-label=${language.strings.list}>
    ${repeat(
      drawnRows,
      ({ id }) => id,
      (row) => {
        const previewUrl = input.previewOf(row.id);
        const state = row.refusal ? 'refused' : itemState(row.file.status);
        // Progress of one row leaves a thousand others alone.
        const { strings, locale } = language;
        const seen = [row, previewUrl, isHeld, isDisabled, strings, locale];
        if (state === 'failed') seen.push(hasStored, navigator.onLine);
        return html`<li part="item" class="item ${state}" data-id=${row.id}>
          ${guard(seen, () => uploadItem({ row, previewUrl }, input))}
        </li>`;
      },
    )}
  </ul>`;
}
