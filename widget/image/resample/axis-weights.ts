// The Lanczos-3 filter along one side of an image: which source pixels make a target pixel, and how much each counts (pure).

/** Every target pixel is the weighted sum of `taps` source pixels in a row. */
export interface AxisWeights {
  readonly taps: number;
  /** The first source pixel of each target pixel. */
  readonly starts: Int32Array;
  /** `taps` weights for each target pixel; together 16 384 = 1. */
  readonly weights: Int16Array;
}

interface Side {
  readonly source: number;
  readonly target: number;
  /** Source pixels to a target pixel; `source / target` but for a last pixel that is not whole. */
  readonly scale: number;
  /** The number of taps is a multiple of this, filled up with zeros. */
  readonly tapsAlign: number;
}

interface Filter {
  readonly first: number;
  readonly weights: readonly number[];
}

const ONE = 1 << 14;
const LOBES = 3;

/**
 * Pixels' centres lie at half coordinates, and the edge pixels go on for ever: as libvips has it.
 * When scaling down, the filter is as many times wider as the image becomes smaller.
 */
export function computeAxisWeights(side: Side): AxisWeights {
  const { source, target, tapsAlign } = side;
  const filters = Array.from({ length: target }, (_, at) => computeFilter(at, side));
  const longest = filters.reduce((taps, { weights }) => Math.max(taps, weights.length), 1);
  const taps = Math.ceil(longest / tapsAlign) * tapsAlign;
  const starts = new Int32Array(target);
  const weights = new Int16Array(target * taps);
  for (const [at, filter] of filters.entries()) {
    // Zeros come first at the far edge, so that nothing behind the image is read.
    const start = Math.max(0, Math.min(filter.first, source - taps));
    starts[at] = start;
    weights.set(toFixedPoint(filter.weights), at * taps + filter.first - start);
  }
  return { taps, starts, weights };
}

function computeFilter(at: number, { source, scale }: Side): Filter {
  if (scale === 1) return { first: at, weights: [1] };
  const stretch = Math.max(1, scale);
  const centre = (at + 0.5) * scale - 0.5;
  // At the filter's ends the weight is zero.
  const from = Math.floor(centre - LOBES * stretch) + 1;
  const to = Math.ceil(centre + LOBES * stretch) - 1;
  const first = Math.max(0, from);
  const weights = Array.from({ length: Math.min(source - 1, to) - first + 1 }, () => 0);
  for (let pixel = from; pixel <= to; pixel += 1) {
    const inside = Math.max(0, Math.min(source - 1, pixel)) - first;
    weights[inside] = (weights[inside] ?? 0) + lanczos((pixel - centre) / stretch);
  }
  return { first, weights };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  const angle = Math.PI * x;
  return Math.abs(x) < LOBES ? (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle) : 0;
}

/** Rounds so that the sum stays exact: what one weight loses goes to the next. */
function toFixedPoint(weights: readonly number[]): readonly number[] {
  const unit = ONE / weights.reduce((sum, weight) => sum + weight, 0);
  let exact = 0;
  let given = 0;
  return weights.map((weight) => {
    exact += weight * unit;
    const rounded = Math.round(exact) - given;
    given += rounded;
    return rounded;
  });
}
