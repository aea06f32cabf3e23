// What is drawn once there are files: the list and the bar under it. Loaded with the first file, or a sign of one.
import { css, html, nothing, type TemplateResult } from 'lit';
import { summaryBar, type SummaryInput } from './summary-bar.js';
import { summaryStyles } from './summary-bar.styles.js';
import { itemStyles } from './upload-item.styles.js';
import { uploadList, type ListInput } from './upload-list.js';

export { FocusKeeper } from './focus-keeper.js';
export { ignoreRepeats } from './ignore-repeats.js';
export { PreviewController } from './preview-controller.js';
export { narrate } from './narrate.js';

export const filesStyles = css`
  ${itemStyles}
  ${summaryStyles}
`;

export interface FilesInput extends ListInput, Omit<SummaryInput, 'retry'> {
  readonly hasSummary: boolean;
  readonly retryAll: () => void;
}

export function renderFiles(input: FilesInput): TemplateResult {
  const { hasSummary, isHolding, language } = input;
  const holding = isHolding ? html`<div class="meta holding">${language.strings.holding}</div>` : nothing;
  return html`${uploadList(input)} ${hasSummary ? summaryBar({ ...input, retry: input.retryAll }) : holding}`;
}
