// Scales a picture that comes in planes, as JPEG keeps it: brightness, and two differences of colour of which half the
// pixels to a side are enough. That is a third of the work of scaling red, green, blue and alpha.
import type { Size } from '../resize-plan.js';
import { planScaling, planWorkspace, type Workspace, writeLayout } from './layout.js';
import type { Kernels } from './kernels.js';
import type { PixelRows, Pixels } from './pixels.js';
import { giveBytes, takeBytes } from './spare-bytes.js';
import { resampleRows, type ResampleOptions, withKernels } from './resample.js';

/** Brightness first; the other two have half its sides, rounded up. */
export type PlaneRows = readonly [PlaneSource, PlaneSource, PlaneSource];
export type PlaneSource = PixelRows & { readonly channels: 1 };

type Plane = Uint8ClampedArray<ArrayBuffer>;

/** As `resampleRows`; a colour stands for four pixels of the result, too. @throws The signal's reason when it is aborted. */
export async function resamplePlanes(
  [light, blueness, redness]: PlaneRows,
  target: Size,
  options: Pick<ResampleOptions, 'signal'>,
): Promise<Pixels> {
  const covered = light.extent ?? light;
  const scale = async (plane: PlaneSource, size: Size): Promise<Plane> => {
    // All become smaller by the same factor, though the last pixel of half an odd side is only half of one.
    const extent = {
      width: (covered.width * size.width) / target.width,
      height: (covered.height * size.height) / target.height,
    };
    return (await resampleRows({ ...plane, extent }, size, { ...options, isOpaque: true })).data;
  };
  const half = halve(target);
  const planes = [
    await scale(light, target),
    await scale(blueness, half),
    await scale(redness, half),
  ] as const;
  // Every colour but the rarest has some of it.
  if (planes.every((plane) => plane.every((level) => level === 0)))
    throw new Error('The browser handed out no pixels.');
  const scaling = planScaling({ ...target, channels: 1 }, target);
  const workspace = planWorkspace(scaling);
  return withKernels(workspace, async (kernels) => {
    writeLayout(kernels.memory, workspace.layout, scaling);
    const merged = merge(planes, target, { kernels, workspace });
    for (const plane of planes) giveBytes(plane);
    return merged;
  });
}

interface Tools {
  readonly kernels: Kernels;
  readonly workspace: Workspace;
}

/** Red, green and blue again. */
function merge(
  [light, blueness, redness]: readonly [Plane, Plane, Plane],
  { width, height }: Size,
  { kernels, workspace }: Tools,
): Pixels {
  const { rows, stride, output } = workspace.layout;
  const halfWidth = halve({ width, height }).width;
  const memory = new Uint8Array(kernels.memory);
  const merged = memory.subarray(output, output + 4 * width);
  const data = takeBytes(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    const colour = (y >> 1) * halfWidth;
    memory.set(light.subarray(y * width, (y + 1) * width), rows);
    memory.set(blueness.subarray(colour, colour + halfWidth), rows + stride);
    memory.set(redness.subarray(colour, colour + halfWidth), rows + 2 * stride);
    kernels.mergePlanes();
    data.set(merged, 4 * y * width);
  }
  return { data, width, height };
}

/** What the differences of colour have of a picture's size. */
export function halve({ width, height }: Size): Size {
  return { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
}
