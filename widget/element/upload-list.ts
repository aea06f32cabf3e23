// The list: one keyed row per file, drawn again only when that file changed.
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { AltField } from './alt-texts.js';
import { itemState } from './item-state.js';
import type { DrawnRow, Gap } from './row-window.js';
import { uploadItem, type ItemContext } from './upload-item.js';
import type { Row } from './upload-rows.js';

export interface ListInput extends ItemContext {
  readonly rows: readonly Row[];
  /** The rows to draw, with gaps in place of the others. */
  readonly drawn: readonly (DrawnRow | Gap)[];
  /** Object URL of a row's thumbnail. */
  readonly previewOf: (id: string) => string | null;
  /** Field for a picture's description; undefined for files that have none. */
  readonly altOf: (file: FileSnapshot) => AltField | undefined;
}

export function uploadList(input: ListInput): TemplateResult {
  return html`<ul part="list" class="list" role="list" aria-label=${input.language.strings.list}>
    ${repeat(
      input.drawn,
      ({ id }) => id,
      (one) => ('row' in one ? item(one, input) : gap(one)),
    )}
  </ul>`;
}

/** By property: a page's policy may forbid style attributes. */
function gap({ heightPx }: Gap): TemplateResult {
  return html`<li class="gap" role="presentation" .style=${`block-size: ${heightPx}px`}></li>`;
}

function item({ row, position }: DrawnRow, input: ListInput): TemplateResult {
  const { language, isHeld, isDisabled, hasStored, hasSummary } = input;
  const previewUrl = input.previewOf(row.id);
  const state = row.refusal ? 'refused' : itemState(row.file.status);
  // Progress of one row leaves a thousand others alone.
  const { strings, locale } = language;
  const alt = row.file && input.altOf(row.file);
  const seen = [
    row,
    previewUrl,
    isHeld,
    isDisabled,
    strings,
    locale,
    hasSummary,
    alt?.isFound,
    alt?.isRequired,
  ];
  if (state === 'failed') seen.push(hasStored, navigator.onLine);
  return html`<li
    part="item"
    class="item ${state}"
    data-id=${row.id}
    aria-posinset=${ifDefined(position)}
    aria-setsize=${ifDefined(position === undefined ? undefined : input.rows.length)}
  >
    ${guard(seen, () => uploadItem({ row, previewUrl, alt }, input))}
  </li>`;
}
