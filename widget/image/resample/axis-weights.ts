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
  /** How much of each neighbour is in a source pixel, 0…1. */
  readonly softness: number;
  /** The number of taps is a multiple of this, filled up with zeros. */
  readonly tapsAlign: number;
}

/** Which source pixels make a target pixel: those from its first to its last, and those of them that there are. */
interface Filter {
  readonly centre: number;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly end: number;
}

const ONE = 1 << 14;
const LOBES = 3;

/**
 * Pixels' centres lie at half coordinates, and the edge pixels go on for ever: as libvips has it.
 * When scaling down, the filter is as many times wider as the image becomes smaller.
 */
export function computeAxisWeights(side: Side): AxisWeights {
  const name = Object.values(side).join(' ');
  const known = computed.get(name);
  if (known) return known;
  const weights = compute(side);
  if (computed.size >= MAX_COMPUTED) computed.clear();
  computed.set(name, weights);
  return weights;
}

/** Photos of one camera have one size, and their weights take a tenth of the time that they do. */
const computed = new Map<string, AxisWeights>();
const MAX_COMPUTED = 16;

function compute(side: Side): AxisWeights {
  const { source, target, tapsAlign } = side;
  const filters = Array.from({ length: target }, (_, at) => planFilter(at, side));
  const longest = filters.reduce((taps, { first, end }) => Math.max(taps, end - first), 1);
  const taps = Math.ceil(longest / tapsAlign) * tapsAlign;
  const starts = new Int32Array(target);
  const weights = new Int16Array(target * taps);
  const exact = new Float64Array(taps);
  for (const [at, filter] of filters.entries()) {
    // Zeros come first at the far edge, so that nothing behind the image is read.
    const start = Math.max(0, Math.min(filter.first, source - taps));
    starts[at] = start;
    const sum = weigh(filter, exact, side);
    const own = weights.subarray(at * taps + filter.first - start, (at + 1) * taps);
    round(exact.subarray(0, filter.end - filter.first), ONE / sum, own);
  }
  return { taps, starts, weights };
}

function planFilter(at: number, { source, scale, softness }: Side): Filter {
  const centre = (at + 0.5) * scale - 0.5;
  if (scale === 1) return { centre, from: at, to: at, first: at, end: at + 1 };
  const stretch = Math.max(1, scale);
  // At the filter's ends the weight is zero.
  const margin = softness > 0 ? 1 : 0;
  const from = Math.floor(centre - LOBES * stretch) + 1 - margin;
  const to = Math.ceil(centre + LOBES * stretch) - 1 + margin;
  return { centre, from, to, first: Math.max(0, from), end: Math.min(source - 1, to) + 1 };
}

/** @returns The sum of all. */
function weigh(
  { centre, from, to, first, end }: Filter,
  weights: Float64Array,
  { scale, softness }: Side,
): number {
  weights.fill(0);
  const stretch = Math.max(1, scale);
  const filterAt = (pixel: number) => lanczos((pixel - centre) / stretch);
  let sum = 0;
  for (let pixel = from; pixel <= to; pixel += 1) {
    const soft = softness > 0 ? softness * (filterAt(pixel - 1) + filterAt(pixel + 1)) : 0;
    const weight = (1 + 2 * softness) * filterAt(pixel) - soft;
    const inside = Math.max(first, Math.min(end - 1, pixel)) - first;
    weights[inside] = (weights[inside] ?? 0) + weight;
    sum += weight;
  }
  return sum;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  const slow = Math.sin(angle / LOBES);
  // The sine of three times the angle.
  return (LOBES * slow * slow * (3 - 4 * slow * slow)) / (angle * angle);
}

/** In fixed point, so that the sum stays exact: what one weight loses goes to the next. */
function round(weights: Float64Array, unit: number, rounded: Int16Array): void {
  let exact = 0;
  let given = 0;
  for (let at = 0; at < weights.length; at += 1) {
    exact += (weights[at] ?? 0) * unit;
    const weight = Math.round(exact) - given;
    rounded[at] = weight;
    given += weight;
  }
}
