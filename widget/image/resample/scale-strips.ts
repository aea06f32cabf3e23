// The way of an image through the inner loops: source rows are summed to lines of the target's height, and these scaled to its width.
import type { Kernels } from './kernels.js';
import { GROUP_ROWS, type Scaling, type Workspace, writeLayout } from './layout.js';
import type { PixelRows, Pixels } from './pixels.js';
import { takeBytes } from './spare-bytes.js';

interface Work {
  readonly source: PixelRows;
  readonly scaling: Scaling;
  readonly workspace: Workspace;
  readonly kernels: Kernels;
  readonly isOpaque?: boolean;
}

/**
 * Yields after every few rows of the target: a few milliseconds of work at most.
 * @returns As many bytes to a pixel as the source has.
 */
export async function* scaleStrips(work: Work): AsyncGenerator<void, Pixels> {
  const { scaling, workspace, kernels } = work;
  const { width, height } = scaling.target;
  const { outputStride, output } = workspace.layout;
  const rowBytes = width * scaling.channels;
  const data = takeBytes(rowBytes * height);
  writeLayout(kernels.memory, workspace.layout, scaling);
  const rows = new HeldRows(work);
  for (let y = 0; y < height; y += GROUP_ROWS) {
    const count = Math.min(GROUP_ROWS, height - y);
    await rows.hold(
      scaling.rows.starts[y] ?? 0,
      (scaling.rows.starts[y + count - 1] ?? 0) + scaling.rows.taps,
    );
    scaleGroup(work, rows, y);
    for (let row = 0; row < count; row += 1) {
      const start = output + row * outputStride;
      data.set(new Uint8Array(kernels.memory, start, rowBytes), (y + row) * rowBytes);
    }
    yield;
  }
  return { data, width, height };
}

/** Opaque rows go the short way: bytes from end to end, as libvips has it. */
function scaleGroup({ kernels, scaling }: Work, rows: HeldRows, y: number): void {
  if (rows.premultiply()) {
    for (let row = 0; row < GROUP_ROWS; row += 1) {
      kernels.sumWideRows(y + row, rows.first);
      kernels.scaleWideLine(row);
    }
  } else {
    kernels.sumRows(y, rows.first);
    if (scaling.channels === 1) kernels.scalePlainLines();
    else kernels.scaleLines();
  }
}

/** The rows of the source that lie in the kernels' memory, for the group of rows that is being made. */
class HeldRows {
  /** The number of the first in the source. */
  first = 0;
  #end = 0;
  #groupStart = 0;
  /** Rows before this one are not needed premultiplied, or are so already. */
  #premultipliedEnd = 0;
  #lastTransparent = -1;
  /** Rows of the source that came last, and how far they are taken. */
  #strip: Uint8ClampedArray = new Uint8ClampedArray();
  #at = 0;
  readonly #isBoxed: boolean;
  readonly #work: Work;
  readonly #memory: Uint8Array;

  constructor(work: Work) {
    this.#work = work;
    this.#memory = new Uint8Array(work.kernels.memory);
    // What lies between the rows is opaque, whatever was there before.
    const { rows, wideRows, boxes, boxLine } = work.workspace.layout;
    this.#memory.fill(255, rows, wideRows);
    this.#memory.fill(255, boxes, boxLine);
    const { box } = work.scaling;
    this.#isBoxed = box.width * box.height > 1;
  }

  /** Takes rows until it has these. */
  async hold(start: number, end: number): Promise<void> {
    const { scaling, workspace } = this.#work;
    this.#groupStart = start;
    if (end - this.first > workspace.rowCapacity) this.#drop(start);
    for (; this.#end < Math.min(end, scaling.boxed.height); this.#end += 1) {
      if (this.#at >= this.#strip.length) await this.#fetchStrip();
      const isOpaque = this.#isBoxed ? await this.#takeBoxes() : this.#takeRow();
      if (!isOpaque) this.#lastTransparent = this.#end;
    }
  }

  /** @returns Whether it is opaque. */
  #takeRow(): boolean {
    const { rows, stride } = this.#work.workspace.layout;
    const start = rows + (this.#end - this.first) * stride;
    this.#copyRow(start);
    return this.#isOpaque(start, stride);
  }

  /** Takes as many rows of the source as make one. */
  async #takeBoxes(): Promise<boolean> {
    const { source, scaling, kernels, workspace } = this.#work;
    const { boxes, boxStride } = workspace.layout;
    const top = this.#end * scaling.box.height;
    const rowCount = Math.min(scaling.box.height, source.height - top);
    for (let row = 0; row < rowCount; row += 1) {
      if (this.#at >= this.#strip.length) await this.#fetchStrip();
      this.#copyRow(boxes + row * boxStride);
    }
    const isOpaque = this.#isOpaque(boxes, rowCount * boxStride);
    const row = this.#end - this.first;
    if (isOpaque) kernels.averageBoxes(row, rowCount);
    else kernels.averageTransparentBoxes(row, rowCount);
    return isOpaque;
  }

  async #fetchStrip(): Promise<void> {
    this.#strip = await this.#work.source.next();
    this.#at = 0;
  }

  /** Takes the source's next row, which is there. */
  #copyRow(address: number): void {
    const { source, scaling } = this.#work;
    const end = this.#at + source.width * scaling.channels;
    this.#memory.set(this.#strip.subarray(this.#at, end), address);
    this.#at = end;
  }

  #isOpaque(start: number, byteCount: number): boolean {
    return this.#work.isOpaque === true || this.#work.kernels.isOpaque(start, byteCount) === 1;
  }

  /** Premultiplies the group's rows if one of them is transparent anywhere. */
  premultiply(): boolean {
    if (this.#lastTransparent < this.#groupStart) return false;
    const start = Math.max(this.#groupStart, this.#premultipliedEnd);
    this.#work.kernels.premultiply(start - this.first, this.#end - start);
    this.#premultipliedEnd = this.#end;
    return true;
  }

  /** Forgets the rows before the given one. */
  #drop(start: number): void {
    const { rows, wideRows, stride } = this.#work.workspace.layout;
    const [from, to] = [start - this.first, this.#end - this.first];
    this.#memory.copyWithin(rows, rows + from * stride, rows + to * stride);
    if (this.#premultipliedEnd > start)
      this.#memory.copyWithin(wideRows, wideRows + 2 * from * stride, wideRows + 2 * to * stride);
    this.first = start;
  }
}
