// What lies where in the memory that the resampler's inner loops work on (pure).
import type { Size } from '../resize-plan.js';
import { type AxisWeights, computeAxisWeights } from './axis-weights.js';

/**
 * Addresses and strides in bytes. The order of the fields is that of the class in assembly/kernels.ts;
 * `writeLayout` puts them at address 0.
 */
export interface Layout {
  /** A few rows of the source as they are, … */
  readonly strip: number;
  readonly stripStride: number;
  /** … and premultiplied, with 16 bits. */
  readonly wide: number;
  /** Rows of the target's width, 64 steps to a level in 16 bits. */
  readonly rows: number;
  readonly rowStride: number;
  /** One row of the target. */
  readonly output: number;
  readonly targetWidth: number;
  /** Start of each target pixel in bytes from the row's. */
  readonly columnStarts: number;
  readonly columnWeights: number;
  readonly columnTaps: number;
  readonly rowWeights: number;
  readonly rowTaps: number;
}

export interface Workspace {
  readonly layout: Layout;
  /** Source rows that fit into the strip; a multiple of 4. */
  readonly stripRows: number;
  /** Scaled rows that are kept at most. */
  readonly rowCapacity: number;
  readonly totalBytes: number;
}

/** How the sides become smaller. */
export interface Scaling {
  readonly source: Size;
  readonly target: Size;
  readonly columns: AxisWeights;
  readonly rows: AxisWeights;
}

const HEADER_BYTES = 64;
/** Of source; small enough to stay in a processor's cache, and to be done in a few milliseconds. */
const STRIP_BYTES = 1 << 18;
const MAX_STRIP_ROWS = 64;

export function planScaling(source: Size, target: Size): Scaling {
  return {
    source: { width: source.width, height: source.height },
    target: { width: target.width, height: target.height },
    // The inner loops take four pixels at a time, and two rows.
    columns: computeAxisWeights({ source: source.width, target: target.width, tapsAlign: 4 }),
    rows: computeAxisWeights({ source: source.height, target: target.height, tapsAlign: 2 }),
  };
}

export function planWorkspace({ source, target, columns, rows }: Scaling): Workspace {
  const stripStride = source.width * 4;
  const stripRows = 4 * Math.max(1, Math.min(MAX_STRIP_ROWS, Math.floor(STRIP_BYTES / stripStride)) >> 2);
  const rowCapacity = rows.taps + Math.max(MAX_STRIP_ROWS, stripRows);
  const rowStride = align(target.width * 8, 32);
  let end = HEADER_BYTES;
  const take = (bytes: number): number => {
    const start = end;
    end = align(start + bytes, 32);
    return start;
  };
  // The last taps may reach behind the last row, with no weight.
  const stripBytes = stripRows * stripStride + columns.taps * 4;
  const layout = {
    strip: take(stripBytes),
    stripStride,
    wide: take(2 * stripBytes),
    rows: take(rowCapacity * rowStride),
    rowStride,
    output: take(rowStride / 2),
    targetWidth: target.width,
    columnStarts: take(columns.starts.byteLength),
    columnWeights: take(columns.weights.byteLength),
    columnTaps: columns.taps,
    rowWeights: take(rows.weights.byteLength),
    rowTaps: rows.taps,
  };
  return { layout, stripRows, rowCapacity, totalBytes: end };
}

/** Puts into the memory what stays the same for all of an image. */
export function writeLayout(memory: ArrayBuffer, layout: Layout, { columns, rows }: Scaling): void {
  new Int32Array(memory).set(Object.values<number>({ ...layout }));
  const starts = columns.starts.map((start) => 4 * start);
  new Int32Array(memory, layout.columnStarts).set(starts);
  new Int16Array(memory, layout.columnWeights).set(columns.weights);
  new Int16Array(memory, layout.rowWeights).set(rows.weights);
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
