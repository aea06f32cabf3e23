// Draws pictures with the statistics of photos, and a test pattern; pure, so that every machine gets the same.

/** Three bytes a pixel. */
export interface Rgb {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

interface Wanted {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

type Random = () => number;

interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Red, green, blue. */
  readonly colour: readonly [number, number, number];
  /** How much lighter it gets from left to right. */
  readonly shade: number;
}

const LEAVES = 22_000;
/** Of the width: the smallest leaves are a few pixels wide, the largest fill a fifth of the picture. */
const SMALLEST = 0.001;
const LARGEST = 0.17;

/**
 * Discs that hide one another, many small and few large ones: edges and spectrum like those of photos.
 * Texture and the noise of a sensor lie over them, and bars so fine that careless scaling makes waves of them.
 */
export function drawLeaves({ width, height, seed }: Wanted): Rgb {
  const random = createRandom(seed);
  const picture = { data: new Uint8ClampedArray(width * height * 3).fill(128), width, height };
  const leaves = Array.from({ length: LEAVES }, () => makeLeaf(random, width, height));
  // Large ones first, so that small ones are seen.
  for (const leaf of leaves.toSorted((a, b) => b.radius - a.radius)) drawLeaf(picture, leaf);
  drawBars(picture);
  addTexture(picture, random);
  return picture;
}

/** Rings that get finer outwards, up to one pixel black and one white at the middle of each side. */
export function drawZonePlate(side: number): Rgb {
  const data = new Uint8ClampedArray(side * side * 3);
  for (let y = 0, at = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1, at += 3) data.fill(zoneAt(x, y, side), at, at + 3);
  }
  return { data, width: side, height: side };
}

/** The pattern's value at a point, which need not be a whole pixel; 0…255. */
export function zoneAt(x: number, y: number, side: number): number {
  const squared = (x - side / 2) ** 2 + (y - side / 2) ** 2;
  return 127.5 + 127.5 * Math.cos((Math.PI / side) * squared);
}

function makeLeaf(random: Random, width: number, height: number): Leaf {
  // The density of radii falls with their cube, which makes the picture look alike at every scale.
  const share = random();
  const radius = width / Math.sqrt((1 - share) / SMALLEST ** 2 + share / LARGEST ** 2);
  const light = 30 + random() * 190;
  const tint = (): number => light + (random() - 0.5) * 80;
  return {
    x: random() * width,
    y: random() * height,
    radius,
    colour: [tint(), tint(), tint()],
    shade: (random() - 0.5) * 60,
  };
}

function drawLeaf({ data, width, height }: Rgb, { x, y, radius, colour, shade }: Leaf): void {
  const [red, green, blue] = colour;
  const last = Math.min(height - 1, Math.floor(y + radius));
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= last; row += 1) {
    const half = Math.sqrt(Math.max(0, radius ** 2 - (row - y) ** 2));
    const end = Math.min(width - 1, Math.floor(x + half));
    for (let column = Math.max(0, Math.ceil(x - half)); column <= end; column += 1) {
      const at = (row * width + column) * 3;
      const lighter = (shade * (column - x)) / radius;
      data[at] = red + lighter;
      data[at + 1] = green + lighter;
      data[at + 2] = blue + lighter;
    }
  }
}

/** A fence: dark bars of a few pixels, as wide as their gaps. */
function drawBars({ data, width, height }: Rgb): void {
  const step = Math.max(4, Math.round(width / 600));
  for (let y = Math.floor(height * 0.1); y < height * 0.3; y += 1) {
    for (let x = Math.floor(width * 0.6); x < width * 0.8; x += 1) {
      if (x % step < step / 2) data.fill(34, (y * width + x) * 3, (y * width + x + 1) * 3);
    }
  }
}

interface Octave {
  readonly values: Float32Array;
  readonly columns: number;
  /** Cells for each pixel. */
  readonly scale: number;
}

function addTexture({ data, width, height }: Rgb, random: Random): void {
  const octaves = [8, 30, 110, 400, 1300].map((columns, index) =>
    makeOctave(random, {
      columns,
      rows: Math.ceil((columns * height) / width),
      strength: 22 * 0.65 ** index,
      width,
    }),
  );
  let noise = (random() * 2 ** 32) | 1;
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = textureRow(octaves, y, width);
    for (let x = 0; x < width; x += 1, at += 3) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
      const value = (row[x] ?? 0) + ((noise >>> 24) + ((noise >>> 16) & 255) - 255) * 0.02;
      data[at] = (data[at] ?? 0) + value;
      data[at + 1] = (data[at + 1] ?? 0) + value;
      data[at + 2] = (data[at + 2] ?? 0) + value;
    }
  }
}

function makeOctave(
  random: Random,
  { columns, rows, strength, width }: { columns: number; rows: number; strength: number; width: number },
): Octave {
  const values = Float32Array.from(
    { length: (columns + 2) * (rows + 2) },
    () => (random() - 0.5) * 2 * strength,
  );
  return { values, columns: columns + 2, scale: columns / width };
}

/** Each octave's values with straight lines between them, added up. */
function textureRow(octaves: readonly Octave[], y: number, width: number): Float32Array {
  const row = new Float32Array(width);
  for (const { values, columns, scale } of octaves) {
    const top = Math.floor(y * scale);
    const down = y * scale - top;
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor(x * scale);
      const right = x * scale - left;
      const at = top * columns + left;
      const above = mix(values[at] ?? 0, values[at + 1] ?? 0, right);
      const below = mix(values[at + columns] ?? 0, values[at + columns + 1] ?? 0, right);
      row[x] = (row[x] ?? 0) + mix(above, below, down);
    }
  }
  return row;
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** Numbers from 0 up to 1 that depend on the seed alone: xorshift, https://www.jstatsoft.org/article/view/v008i14 */
function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
