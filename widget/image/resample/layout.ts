// What lies where in the memory that the resampler's inner loops work on (pure).
import type { Size } from '../resize-plan.js';
import type { Channels, PixelRows } from './pixels.js';
import { type AxisWeights, computeAxisWeights } from './axis-weights.js';

/**
 * Addresses and strides in bytes. The order of the fields is that of the class in assembly/layout.ts;
 * `writeLayout` puts them at address 0.
 */
export interface Layout {
  /** A few rows of the source as they are, … */
  readonly rows: number;
  /** … and premultiplied, with 16 bits for each of the four. */
  readonly wideRows: number;
  /** Four lines that have the target's height already; or one with 16 bits. */
  readonly lines: number;
  /** Four rows of the target. */
  readonly output: number;
  readonly stride: number;
  readonly outputStride: number;
  readonly targetWidth: number;
  /** Start of each target pixel in bytes from the line's. */
  readonly columnStarts: number;
  readonly columnWeights: number;
  readonly columnTaps: number;
  readonly rowStarts: number;
  readonly rowWeights: number;
  readonly rowTaps: number;
  /** Rows of the source from which one row of boxes is made, and their sums. */
  readonly boxes: number;
  readonly boxLine: number;
  readonly boxStride: number;
  /** Pixels. */
  readonly boxWidth: number;
  readonly sourceWidth: number;
}

export interface Workspace {
  readonly layout: Layout;
  /** Source rows that are held at most. */
  readonly rowCapacity: number;
  readonly totalBytes: number;
}

/** How the sides become smaller. */
export interface Scaling {
  readonly channels: Channels;
  readonly source: Size;
  readonly target: Size;
  /** So many pixels of the source become one, their mean, before the filter: 1 × 1 unless it becomes very small. */
  readonly box: Size;
  /** The source in boxes. */
  readonly boxed: Size;
  readonly columns: AxisWeights;
  readonly rows: AxisWeights;
}

/** Rows of the target that are made at once. */
export const GROUP_ROWS = 4;

const HEADER_BYTES = 128;
const LINE_BYTES = 64;

/** Above, sums would not fit into 16 bits. */
const MAX_BOX = 128;

export function planScaling(source: Omit<PixelRows, 'next'>, target: Size): Scaling {
  const { extent = source, channels = 4 } = source;
  // Planes are light: the filter does all of the work.
  const box =
    channels === 1
      ? { width: 1, height: 1 }
      : { width: planBox(source.width, target.width), height: planBox(source.height, target.height) };
  const boxed = {
    width: Math.ceil(source.width / box.width),
    height: Math.ceil(source.height / box.height),
  };
  return {
    channels,
    source: { width: source.width, height: source.height },
    target: { width: target.width, height: target.height },
    box,
    boxed,
    // The inner loops take four pixels of a line at a time, or eight of a plane, and two rows.
    columns: computeAxisWeights({
      source: boxed.width,
      target: target.width,
      scale: extent.width / box.width / target.width,
      softness: softnessOf(source, extent.width / target.width),
      tapsAlign: channels === 1 ? 8 : 4,
    }),
    rows: computeAxisWeights({
      source: boxed.height,
      target: target.height,
      scale: extent.height / box.height / target.height,
      softness: softnessOf(source, extent.height / target.height),
      tapsAlign: 2,
    }),
  };
}

/** Leaves at least half of the work to the filter: as libvips does, and nothing of it is seen. */
function planBox(source: number, target: number): number {
  return Math.max(1, Math.min(MAX_BOX, Math.floor(source / target / 2)));
}

/** From twice the size on, libvips makes boxes of the whole source first, which is as soft. */
function softnessOf({ softness = 0 }: Omit<PixelRows, 'next'>, scale: number): number {
  return scale > 1 && scale < 2 ? softness : 0;
}

export function planWorkspace(scaling: Scaling): Workspace {
  const { channels, source, target, box, boxed, columns, rows } = scaling;
  const stride = planStride(boxed.width * channels);
  const boxStride = align(source.width * channels);
  const outputStride = align(target.width * channels);
  // Twice as many as a group needs: those still needed are moved seldom.
  const rowCapacity = 2 * longestGroup(scaling);
  // The last taps may reach behind the last line, with no weight.
  const slack = columns.taps * 8;
  let end = HEADER_BYTES;
  const take = (bytes: number): number => {
    const start = end;
    end = align(start + bytes);
    return start;
  };
  const layout = {
    rows: take(rowCapacity * stride),
    wideRows: take(2 * rowCapacity * stride),
    lines: take(GROUP_ROWS * stride + slack),
    output: take(GROUP_ROWS * outputStride),
    stride,
    outputStride,
    targetWidth: target.width,
    columnStarts: take(columns.starts.byteLength),
    columnWeights: take(columns.weights.byteLength),
    columnTaps: columns.taps,
    rowStarts: take(rows.starts.byteLength + 4 * GROUP_ROWS),
    rowWeights: take(rows.weights.byteLength + 2 * GROUP_ROWS * rows.taps),
    rowTaps: rows.taps,
    boxes: take(box.height * boxStride),
    boxLine: take(2 * boxStride),
    boxStride,
    boxWidth: box.width,
    sourceWidth: source.width,
  };
  return { layout, rowCapacity, totalBytes: end };
}

/** Puts into the memory what stays the same for all of an image. */
export function writeLayout(memory: ArrayBuffer, layout: Layout, { channels, columns, rows }: Scaling): void {
  new Int32Array(memory).set(Object.values<number>({ ...layout }));
  const starts = columns.starts.map((start) => channels * start);
  new Int32Array(memory, layout.columnStarts).set(starts);
  new Int16Array(memory, layout.columnWeights).set(columns.weights);
  // Groups are whole: behind the last row come some without a weight, at the same place.
  new Int32Array(memory, layout.rowStarts, rows.starts.length + GROUP_ROWS)
    .fill(rows.starts.at(-1) ?? 0)
    .set(rows.starts);
  new Int16Array(memory, layout.rowWeights).set(rows.weights);
}

/** The rows of the source that a group needs at most. */
function longestGroup({ rows, target }: Scaling): number {
  let longest = 0;
  for (let y = 0; y < target.height; y += GROUP_ROWS) {
    const last = Math.min(y + GROUP_ROWS, target.height) - 1;
    longest = Math.max(longest, (rows.starts[last] ?? 0) + rows.taps - (rows.starts[y] ?? 0));
  }
  return longest;
}

/** An odd number of cache lines: else the same pixel of all rows would fight for the same place in the cache. */
function planStride(bytes: number): number {
  return align(bytes) + (Math.ceil(bytes / LINE_BYTES) % 2 === 0 ? LINE_BYTES : 0);
}

function align(bytes: number): number {
  return Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
}
