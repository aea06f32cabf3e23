// The icon of the drop area and the frame of all icons: one family, on a 20 px grid with 1.5 px round strokes.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

export type Icon = SVGTemplateResult;

export const uploadIcon: Icon = svg`<path d="M10 13V3.75M6.25 7.25 10 3.5l3.75 3.75M3.5 12.5v2.25c0 .97.78 1.75 1.75 1.75h9.5c.97 0 1.75-.78 1.75-1.75V12.5"/>`;
export const dropIcon: Icon = svg`<path d="M10 3.5v9.25M6.25 9.25 10 13l3.75-3.75M3.5 12.5v2.25c0 .97.78 1.75 1.75 1.75h9.5c.97 0 1.75-.78 1.75-1.75V12.5"/>`;

/** An icon in the colour of the text; hidden from assistive technology, words say the same. */
export function icon(paths: Icon): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${paths}</svg>`;
}
