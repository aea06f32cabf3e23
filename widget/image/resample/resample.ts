// Scales pixels down, sharp and without alias: Lanczos-3, in SIMD WebAssembly or in plain JavaScript.
import { isSameSize, type Size } from '../resize-plan.js';
import type { Kernels } from './kernels.js';
import { planScaling, planWorkspace, type Workspace } from './layout.js';
import { type PixelRows, type Pixels, rowsOf } from './pixels.js';
import { createPlainKernels } from './plain-kernels.js';
import { scaleStrips } from './scale-strips.js';
import { nextTurn } from './next-turn.js';
import { takeWasmKernels } from './wasm-kernels.js';

export type { PixelRows, Pixels } from './pixels.js';

export interface ResampleOptions {
  /** True when the caller knows that no pixel is transparent; else they are looked at. */
  readonly isOpaque?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds after which others get a turn: the page to draw a frame, a worker to hear of an abort. */
const SLICE_MS = 10;

/**
 * Lanczos-3 in the source's own gamma space, as libvips and sharp do it. A colour counts as far as its pixel is opaque.
 * Where WebAssembly is not to be had, plain JavaScript gives the same result, later.
 * @returns The source itself when it has the size already.
 * @throws The signal's reason when it is aborted.
 */
export async function resample(source: Pixels, target: Size, options: ResampleOptions = {}): Promise<Pixels> {
  if (!isSameSize(source, target)) return resampleRows(rowsOf(source), target, options);
  options.signal?.throwIfAborted();
  return source;
}

/** As `resample`, of an image that need not be in memory as a whole. */
export async function resampleRows(
  source: PixelRows,
  target: Size,
  options: ResampleOptions = {},
): Promise<Pixels> {
  options.signal?.throwIfAborted();
  const scaling = planScaling(source, target);
  const workspace = planWorkspace(scaling);
  return withKernels(workspace, (kernels) =>
    inSlices(scaleStrips({ source, scaling, workspace, kernels, ...options }), options.signal),
  );
}

/** Lends the inner loops, with a memory of their own. */
export async function withKernels<T>(
  { totalBytes, layout }: Workspace,
  work: (kernels: Kernels) => Promise<T>,
): Promise<T> {
  const wasm = await takeWasmKernels(totalBytes);
  try {
    return await work(wasm ?? createPlainKernels(new ArrayBuffer(totalBytes), layout));
  } finally {
    wasm?.release();
  }
}

async function inSlices(strips: AsyncGenerator<void, Pixels>, signal?: AbortSignal): Promise<Pixels> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = await strips.next();
    if (done) return value;
    if (performance.now() < sliceEndsAt) continue;
    // The next slice cannot begin before this one has ended.
    await nextTurn();
    signal?.throwIfAborted();
    sliceEndsAt = performance.now() + SLICE_MS;
  }
}
