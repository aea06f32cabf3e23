// The icons: one family, drawn on a 20 px grid with 1.5 px round strokes.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const PATHS = {
  upload: svg`<path d="M10 13V3.75M6.25 7.25 10 3.5l3.75 3.75M3.5 12.5v2.25c0 .97.78 1.75 1.75 1.75h9.5c.97 0 1.75-.78 1.75-1.75V12.5"/>`,
  drop: svg`<path d="M10 3.5v9.25M6.25 9.25 10 13l3.75-3.75M3.5 12.5v2.25c0 .97.78 1.75 1.75 1.75h9.5c.97 0 1.75-.78 1.75-1.75V12.5"/>`,
  refuse: svg`<circle cx="10" cy="10" r="6.75"/><path d="m5.4 5.4 9.2 9.2"/>`,
  close: svg`<path d="m5.5 5.5 9 9m0-9-9 9"/>`,
  remove: svg`<path d="M3.75 5.75h12.5M8 5.5V4.25c0-.55.45-1 1-1h2c.55 0 1 .45 1 1V5.5M5.25 5.75l.6 9.1c.06.93.83 1.65 1.76 1.65h4.78c.93 0 1.7-.72 1.76-1.65l.6-9.1M8.5 9v4.25M11.5 9v4.25"/>`,
  retry: svg`<path d="M16 10a6 6 0 1 1-1.9-4.4L16.25 7.5M16.25 3.75V7.5H12.5"/>`,
  open: svg`<path d="M11.5 4h4.5v4.5M15.75 4.25 9.5 10.5M8 4.75H5.75C4.78 4.75 4 5.53 4 6.5v7.75c0 .97.78 1.75 1.75 1.75h7.75c.97 0 1.75-.78 1.75-1.75V12"/>`,
  page: svg`<path d="M5.5 4.75c0-.97.78-1.75 1.75-1.75h3.5L15 7.25v8c0 .97-.78 1.75-1.75 1.75h-6c-.97 0-1.75-.78-1.75-1.75zM10.75 3v4.25H15"/>`,
  done: svg`<path d="m5.5 10.5 3 3 6-7"/>`,
  alert: svg`<path d="M10 5.25v5.5M10 14.4v.1"/>`,
  wait: svg`<path d="M10 6v4.25l2.5 1.75"/>`,
  sending: svg`<path d="M10 14.25v-8.5M6.5 9 10 5.5 13.5 9"/>`,
  refused: svg`<path d="m6 6 8 8"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text; hidden from assistive technology, words say the same. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${PATHS[name]}</svg>`;
}
