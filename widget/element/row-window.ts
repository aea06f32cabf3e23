// Which rows of a long list are drawn: those near the viewport, and the one with the focus; gaps keep the place of the others.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Row } from './upload-rows.js';

/** Rows that are not drawn, as one empty line. */
export interface Gap {
  readonly id: string;
  readonly heightPx: number;
}

export interface DrawnRow {
  readonly id: string;
  readonly row: Row;
  /** Place in the whole list from 1 up; undefined while all rows are drawn. */
  readonly position: number | undefined;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Shorter lists are drawn whole. */
const MAX_WHOLE = 40;
/** Of a longer one, until it was looked at where it stands: to draw a hundred rows stops the page for a moment. */
const FIRST_ROWS = 12;
/** So many more in each frame, on the highest of screens too. */
const MORE_ROWS = 15;
/** Ranges begin and end at multiples of this, so that not every pixel of scrolling draws. */
const STEP = 10;
const LEAST_MARGIN_PX = 600;
const GUESSED_ROW_PX = 76;

export class RowWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #range: Range = { from: 0, to: FIRST_ROWS };
  #rowPx = GUESSED_ROW_PX;
  #rowCount = 0;
  #watch: AbortController | undefined;
  #frame = 0;
  #gapCount = 0;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#unwatch();
  }

  hostUpdated(): void {
    if (this.#rowCount <= MAX_WHOLE || !this.#host.isConnected) this.#unwatch();
    else if (!this.#watch) {
      this.#watch = new AbortController();
      const options = { capture: true, passive: true, signal: this.#watch.signal };
      // Captured, so that boxes which scroll inside the page are heard too.
      document.addEventListener('scroll', this.#look, options);
      window.addEventListener('resize', this.#look, options);
      this.#look();
    }
  }

  /** The rows to draw now, with gaps in place of the others. */
  cut(rows: readonly Row[]): readonly (DrawnRow | Gap)[] {
    this.#rowCount = rows.length;
    if (rows.length <= MAX_WHOLE) {
      // One more, and these stay where they are.
      this.#range = { from: 0, to: Math.max(FIRST_ROWS, rows.length) };
      return rows.map((row) => ({ id: row.id, row, position: undefined }));
    }
    const from = Math.min(this.#range.from, rows.length - STEP);
    const to = Math.min(this.#range.to, rows.length);
    const drawn: (DrawnRow | Gap)[] = [];
    let next = 0;
    this.#gapCount = 0;
    for (const range of withFocus({ from, to }, this.#focusedIndex(rows))) {
      this.#addGap(drawn, range.from - next);
      const part = rows.slice(range.from, range.to);
      drawn.push(...part.map((row, i) => ({ id: row.id, row, position: range.from + i + 1 })));
      next = range.to;
    }
    this.#addGap(drawn, rows.length - next);
    return drawn;
  }

  #addGap(drawn: (DrawnRow | Gap)[], count: number): void {
    if (count > 0) drawn.push({ id: `gap-${this.#gapCount++}`, heightPx: count * this.#rowPx });
  }

  /** What has the keyboard stays, wherever the page is scrolled to. */
  #focusedIndex(rows: readonly Row[]): number {
    const focused = this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('li[data-id]');
    return focused ? rows.findIndex(({ id }) => id === focused.dataset['id']) : -1;
  }

  readonly #look = (): void => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#measure();
    });
  };

  #measure(): void {
    const list = this.#host.shadowRoot?.querySelector('ul');
    const row = list?.querySelector('li[data-id]');
    if (!list || !row || !this.#watch) return;
    const gapPx = Number.parseFloat(getComputedStyle(list).rowGap) || 0;
    this.#rowPx = row.getBoundingClientRect().height + gapPx || GUESSED_ROW_PX;
    const { top } = list.getBoundingClientRect();
    const marginPx = Math.max(LEAST_MARGIN_PX, innerHeight / 2);
    const first = (-top - marginPx) / this.#rowPx;
    const last = (innerHeight - top + marginPx) / this.#rowPx;
    const from = Math.max(0, Math.floor(first / STEP) * STEP);
    const to = Math.max(from + STEP, Math.ceil(last / STEP) * STEP);
    const drawnTo = Math.max(from, Math.min(this.#range.to, to));
    const nextTo = Math.min(to, drawnTo + MORE_ROWS);
    if (from === this.#range.from && nextTo === this.#range.to) return;
    this.#range = { from, to: nextTo };
    this.#host.requestUpdate();
    if (nextTo < to) this.#look();
  }

  #unwatch(): void {
    this.#watch?.abort();
    this.#watch = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

function withFocus(range: Range, index: number): readonly Range[] {
  const focused = { from: index, to: index + 1 };
  if (index < 0 || (index >= range.from && index < range.to)) return [range];
  return index < range.from ? [focused, range] : [range, focused];
}
