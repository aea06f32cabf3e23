// The way of an image through the inner loops: source rows come in strips, are scaled to the target's width, and summed to its rows.
import type { Kernels } from './kernels.js';
import { type Scaling, type Workspace, writeLayout } from './layout.js';
import type { Pixels } from './pixels.js';

interface Work {
  readonly source: Pixels;
  readonly scaling: Scaling;
  readonly workspace: Workspace;
  readonly kernels: Kernels;
  readonly isOpaque?: boolean;
}

/** Yields after each strip, a few milliseconds of work at most. */
export function* scaleStrips(work: Work): Generator<void, Pixels> {
  const { source, scaling, workspace, kernels } = work;
  const { width, height } = scaling.target;
  const { starts, taps } = scaling.rows;
  const data = new Uint8ClampedArray(width * height * 4);
  writeLayout(kernels.memory, workspace.layout, scaling);
  const output = new Uint8Array(kernels.memory, workspace.layout.output, width * 4);
  const scaled = new ScaledRows(work);
  let y = 0;
  for (let top = 0; top < source.height && y < height; top += workspace.stripRows) {
    scaled.drop(starts[y] ?? 0);
    scaled.add(top, Math.min(workspace.stripRows, source.height - top));
    for (; y < height && scaled.hasUntil((starts[y] ?? 0) + taps); y += 1) {
      kernels.sumRows(y, (starts[y] ?? 0) - scaled.first, Number(scaled.isPremultiplied));
      data.set(output, y * width * 4);
    }
    yield;
  }
  return { data, width, height };
}

/** The rows that are scaled to the target's width already and still needed. */
class ScaledRows {
  /** The number of the first row. */
  first = 0;
  #count = 0;
  isPremultiplied = false;
  readonly #work: Work;
  readonly #memory: Uint8Array;

  constructor(work: Work) {
    this.#work = work;
    this.#memory = new Uint8Array(work.kernels.memory);
  }

  hasUntil(end: number): boolean {
    return Math.min(end, this.#work.source.height) <= this.first + this.#count;
  }

  /** Forgets the rows before the given one, when room is needed for the next strip. */
  drop(first: number): void {
    const { layout, rowCapacity, stripRows } = this.#work.workspace;
    if (this.#count + stripRows <= rowCapacity) return;
    const start = layout.rows + (first - this.first) * layout.rowStride;
    this.#memory.copyWithin(layout.rows, start, layout.rows + this.#count * layout.rowStride);
    this.#count -= first - this.first;
    this.first = first;
  }

  /** Takes rows of the source. */
  add(top: number, rowCount: number): void {
    const { kernels, workspace, source } = this.#work;
    const { strip, stripStride } = workspace.layout;
    this.#memory.set(source.data.subarray(top * stripStride, (top + rowCount) * stripStride), strip);
    const isOpaque = this.#work.isOpaque === true || kernels.isOpaque(rowCount) === 1;
    if (isOpaque) {
      for (let row = 0; row < rowCount; row += 4) kernels.scaleFourRows(row, this.#count + row);
    } else {
      this.isPremultiplied = true;
      kernels.premultiply(rowCount);
      for (let row = 0; row < rowCount; row += 1) kernels.scaleWideRow(row, this.#count + row);
    }
    this.#count += rowCount;
  }
}
