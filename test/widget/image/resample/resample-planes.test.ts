// Pictures in planes: scaled as their pixels would be, in WebAssembly and without, with colours where they belong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { planScaling, planWorkspace, writeLayout } from '../../../../widget/image/resample/layout.js';
import type { Kernels } from '../../../../widget/image/resample/kernels.js';
import { createPlainKernels } from '../../../../widget/image/resample/plain-kernels.js';
import type { Pixels } from '../../../../widget/image/resample/pixels.js';
import { resample, resampleRows } from '../../../../widget/image/resample/resample.js';
import {
  halve,
  type PlaneRows,
  type PlaneSource,
  resamplePlanes,
} from '../../../../widget/image/resample/resample-planes.js';
import { takeWasmKernels } from '../../../../widget/image/resample/wasm-kernels.js';
import type { Size } from '../../../../widget/image/resize-plan.js';
import { createRandom, drawPhoto, drawPixels, mean, psnr } from './pictures.js';
import { scaleRowsPlainly } from './scale-plainly.js';

type Plane = Uint8ClampedArray<ArrayBuffer>;

interface Planes extends Size {
  readonly planes: readonly [Plane, Plane, Plane];
}

test('a plane is scaled as pixels of grey are, with WebAssembly and without', async () => {
  const sides = fc.record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 40 }),
    across: fc.double({ min: 0.26, max: 1.6, noNaN: true }),
    down: fc.double({ min: 0.26, max: 1.6, noNaN: true }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(sides, async ({ width, height, across, down, seed }) => {
      const grey = drawNoise({ width, height }, seed);
      const target = { width: Math.ceil(width * across), height: Math.ceil(height * down) };

      const plane = await resampleRows(rowsOfGrey(grey), target, { isOpaque: true });

      const pixels = await resample(grey, target);
      assert.deepEqual(plane.data, firstsOf(pixels));
      assert.deepEqual(plane.data, (await scaleRowsPlainly(rowsOfGrey(grey), target)).data);
    }),
    { numRuns: 60 },
  );
});

for (const [width, height] of [
  [800, 600],
  [801, 599],
] as const) {
  test(`${width} × ${height} in planes: the picture that its pixels give, colours where they belong`, async () => {
    const planes = toPlanes(drawPhoto(width, height));
    const target = { width: 407, height: 303 };

    const scaled = await resamplePlanes(rowsOf(planes), target, {});

    assert.deepEqual([scaled.width, scaled.height, scaled.data.length], [407, 303, 407 * 303 * 4]);
    assertAlike(scaled, await resample(toPixels(planes), target));
  });
}

test('a picture whose sides the decoder rounded up is covered as its pixels would be', async () => {
  const planes = toPlanes(drawPhoto(400, 300));
  const target = { width: 200, height: 150 };
  const extent = { width: 396, height: 298 };
  const [light, blueness, redness] = rowsOf(planes);

  const scaled = await resamplePlanes([{ ...light, extent }, blueness, redness], target, {});

  const pixels = toPixels(planes);
  const source = { width: 400, height: 300, extent, next: () => pixels.data };
  assertAlike(scaled, await resampleRows(source, target));
});

test('colours come out as the standard has them, with WebAssembly and without', async () => {
  const width = 50;
  const scaling = planScaling({ width, height: 1, channels: 1 }, { width, height: 1 });
  const { layout, totalBytes } = planWorkspace(scaling);
  const wasm = await takeWasmKernels(totalBytes);
  assert.ok(wasm);
  const plain = createPlainKernels(new ArrayBuffer(totalBytes), layout);
  const level = fc.integer({ min: 0, max: 255 });
  const rows = fc.array(level, { minLength: 2 * width, maxLength: 2 * width });

  fc.assert(
    fc.property(rows, (values) => {
      const planes = [
        Uint8ClampedArray.from(values.slice(0, width)),
        Uint8ClampedArray.from(values.slice(width, 75)),
        Uint8ClampedArray.from(values.slice(75)),
      ] as const;
      const merged = [wasm, plain].map((kernels) => {
        writeLayout(kernels.memory, layout, scaling);
        return merge(kernels, planes, layout);
      });

      assert.deepEqual(merged[0], merged[1]);
      const wanted = toPixels({ planes, width, height: 1 });
      for (const [at, value] of (merged[0] ?? []).entries())
        assert.ok(Math.abs(value - (wanted.data[at] ?? 0)) <= 1, `${at}: ${value}, not ${wanted.data[at]}`);
    }),
  );
  wasm.release();
});

function merge(
  kernels: Kernels,
  planes: readonly [Plane, Plane, Plane],
  { rows, stride, output, targetWidth }: ReturnType<typeof planWorkspace>['layout'],
): Uint8Array {
  const memory = new Uint8Array(kernels.memory);
  for (const [index, plane] of planes.entries()) memory.set(plane, rows + index * stride);
  kernels.mergePlanes();
  return memory.slice(output, output + 4 * targetWidth);
}

function assertAlike(scaled: Pixels, wanted: Pixels): void {
  assert.ok(psnr(scaled, wanted) >= 42, `PSNR-Y ${psnr(scaled, wanted)} dB`);
  assert.ok(colourError(scaled, wanted) <= 4, `colours ${colourError(scaled, wanted)}`);
}

function drawNoise({ width, height }: Size, seed: number): Pixels {
  const random = createRandom(seed);
  return drawPixels(width, height, () => {
    const value = Math.floor(random() * 256);
    return [value, value, value, 255];
  });
}

function firstsOf({ data }: Pixels): Plane {
  return data.filter((_, at) => at % 4 === 0);
}

function rowsOfGrey(grey: Pixels): PlaneSource {
  return { width: grey.width, height: grey.height, channels: 1, next: () => firstsOf(grey) };
}

function rowsOf({ planes: [light, blueness, redness], width, height }: Planes): PlaneRows {
  const half = { ...halve({ width, height }), channels: 1 } as const;
  return [
    { width, height, channels: 1, next: () => light },
    { ...half, next: () => blueness },
    { ...half, next: () => redness },
  ];
}

/** As JPEG's encoders do: a colour for each four pixels, their mean. */
function toPlanes({ data, width, height }: Pixels): Planes {
  const half = halve({ width, height });
  const light = new Uint8ClampedArray(width * height);
  const [blueness, redness, counts] = [0, 1, 2].map(() => new Float64Array(half.width * half.height));
  if (!blueness || !redness || !counts) throw new RangeError('There is no plane.');
  for (let at = 0; at < width * height; at += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 4, at * 4 + 3);
    const y = 0.299 * red + 0.587 * green + 0.114 * blue;
    const place = placeOf(at, width);
    light[at] = y;
    blueness[place] = (blueness[place] ?? 0) + (blue - y) / 1.772;
    redness[place] = (redness[place] ?? 0) + (red - y) / 1.402;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const toPlane = (sums: Float64Array): Plane =>
    Uint8ClampedArray.from(sums, (sum, place) => 128 + sum / (counts[place] ?? 1));
  return { planes: [light, toPlane(blueness), toPlane(redness)], width, height };
}

/** https://www.w3.org/Graphics/JPEG/jfif3.pdf */
function toPixels({ planes: [light, blueness, redness], width, height }: Planes): Pixels {
  return drawPixels(width, height, (x, y) => {
    const place = placeOf(y * width + x, width);
    const level = light[y * width + x] ?? 0;
    const blue = (blueness[place] ?? 0) - 128;
    const red = (redness[place] ?? 0) - 128;
    return [level + 1.402 * red, level - 0.344136 * blue - 0.714136 * red, level + 1.772 * blue, 255];
  });
}

/** Where the colour of a pixel is. */
function placeOf(at: number, width: number): number {
  return (Math.floor(at / width) >> 1) * Math.ceil(width / 2) + ((at % width) >> 1);
}

/** Root of the mean square of the distance, in levels, at the size of the planes. */
function colourError(a: Pixels, b: Pixels): number {
  const [, ...coloursOfA] = toPlanes(a).planes;
  const [, ...coloursOfB] = toPlanes(b).planes;
  const squares = coloursOfA.map((plane, index) =>
    mean(Float64Array.from(plane, (value, at) => (value - (coloursOfB[index]?.[at] ?? 0)) ** 2)),
  );
  return Math.sqrt(mean(squares));
}
