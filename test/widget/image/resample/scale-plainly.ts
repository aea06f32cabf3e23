// The resampler's plain JavaScript alone, as pages have it that forbid WebAssembly.
import { planScaling, planWorkspace } from '../../../../widget/image/resample/layout.js';
import { createPlainKernels } from '../../../../widget/image/resample/plain-kernels.js';
import { type PixelRows, rowsOf } from '../../../../widget/image/resample/pixels.js';
import type { Pixels } from '../../../../widget/image/resample/resample.js';
import { scaleStrips } from '../../../../widget/image/resample/scale-strips.js';
import type { Size } from '../../../../widget/image/resize-plan.js';

export function scalePlainly(source: Pixels, target: Size): Promise<Pixels> {
  return scaleRowsPlainly(rowsOf(source), target);
}

/** @returns As many bytes to a pixel as the source has. */
export async function scaleRowsPlainly(source: PixelRows, target: Size): Promise<Pixels> {
  const scaling = planScaling(source, target);
  const workspace = planWorkspace(scaling);
  const kernels = createPlainKernels(new ArrayBuffer(workspace.totalBytes), workspace.layout);
  const strips = scaleStrips({ source, scaling, isOpaque: source.channels === 1, workspace, kernels });
  for (;;) {
    const { done, value } = await strips.next();
    if (done) return value;
  }
}
