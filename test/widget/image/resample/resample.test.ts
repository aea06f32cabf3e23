// The resampler against sharp's Lanczos-3, against what is known of the filter, and against its own twin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { type Pixels, resample, resampleRows } from '../../../../widget/image/resample/resample.js';
import { rowsOf } from '../../../../widget/image/resample/pixels.js';
import type { Size } from '../../../../widget/image/resize-plan.js';
import {
  createRandom,
  drawPhoto,
  drawPixels,
  drawStrokes,
  drawTransparent,
  drawZonePlate,
  mean,
  psnr,
  ssim,
  zoneAt,
} from './pictures.js';
import { scalePlainly } from './scale-plainly.js';

/** The last is the least likeness in decibels; far below half the size, libvips rounds more often on its way. */
const REFERENCES = [
  ['a photo to half', drawPhoto(1000, 750), { width: 508, height: 381 }, 54],
  ['a photo to a quarter', drawPhoto(1500, 900), { width: 381, height: 229 }, 54],
  ['a photo to nearly its size', drawPhoto(640, 480), { width: 600, height: 450 }, 54],
  ['a photo to a thumbnail', drawPhoto(1600, 1200), { width: 160, height: 120 }, 52],
  ['a photo to a ninth and a fifth', drawPhoto(1440, 1200), { width: 160, height: 240 }, 52],
  ['strokes', drawStrokes(900, 700), { width: 420, height: 327 }, 54],
  ['a high, narrow picture', drawPhoto(300, 1600), { width: 100, height: 533 }, 54],
] as const;

for (const [name, source, target, leastDecibels] of REFERENCES) {
  test(`${name}: as sharp scales it`, async () => {
    const ours = await resample(source, target);

    const reference = await scaleWithSharp(source, target);
    assert.ok(psnr(ours, reference) >= leastDecibels, `PSNR-Y ${psnr(ours, reference)} dB`);
    assert.ok(ssim(ours, reference) >= 0.999, `SSIM ${ssim(ours, reference)}`);
  });
}

test('a source whose last pixels are not whole: as if the decoder had not rounded its sides up', async () => {
  const photo = drawPhoto(1501, 1125);
  const target = { width: 300, height: 225 };

  const quarter = averageBlocks(photo, 4);
  const ours = await resampleRows(
    { ...rowsOf(quarter), extent: { width: 1501 / 4, height: 1125 / 4 } },
    target,
  );

  const wanted = await resample(photo, target);
  const careless = await resample(quarter, target);
  assert.ok(psnr(ours, wanted) >= 40, `PSNR-Y ${psnr(ours, wanted)} dB`);
  assert.ok(psnr(ours, wanted) >= psnr(careless, wanted) + 3, `not ${psnr(careless, wanted)} dB`);
});

for (const [target, leastGainDb] of [
  [{ width: 284, height: 213 }, 0.8],
  [{ width: 400, height: 300 }, 0.3],
] as const) {
  test(`means of 2 × 2 pixels, as decoders make them at half the size, to ${target.width}`, async () => {
    const photo = drawPhoto(1120, 840);
    const half = averageBlocks(photo, 2);

    const ours = await resampleRows({ ...rowsOf(half), softness: 1 / 32 }, target);

    const wanted = await scaleWithSharp(photo, target);
    const careless = await resample(half, target);
    const gainDb = psnr(ours, wanted) - psnr(careless, wanted);
    assert.ok(gainDb >= leastGainDb, `${gainDb} dB better`);
  });
}

test('a zone plate: no alias where rings are too fine, full contrast where they are not', async () => {
  const plate = await resample(drawZonePlate(1024), { width: 512, height: 512 });

  const values = ringsOf(plate);
  // In units of the finest ring that 512 pixels can show.
  const tooFine = values.filter(({ radius }) => radius > 1.25 && radius < 2);
  const alias = Math.sqrt(mean(tooFine.map(({ value }) => (value - 127.5) ** 2)));
  const shown = values.filter(({ radius }) => radius > 0.1 && radius < 0.6);
  const contrast = spread(shown.map(({ value }) => value)) / spread(shown.map(({ ideal }) => ideal));
  assert.ok(alias <= 9, `alias ${alias}`);
  assert.ok(contrast >= 0.98 && contrast <= 1.03, `contrast ${contrast}`);
});

test('transparent pixels give no colour, and look as from sharp', async () => {
  const source = drawTransparent(400, 300);
  const target = { width: 150, height: 113 };

  const ours = await resample(source, target);

  const reference = await scaleWithSharp(source, target);
  assert.ok(psnr(onGrey(ours), onGrey(reference)) >= 45, `${psnr(onGrey(ours), onGrey(reference))} dB`);
});

for (const [name, width, height] of [
  ['photo-2725x2225.jpg', 1280, 1045],
  ['png-alpha-1024x768.png', 400, 300],
  ['alpha.webp', 150, 150],
] as const) {
  test(`${name}: as sharp scales it, alpha too`, async () => {
    const source = await readFixture(name);

    const ours = await resample(source, { width, height });

    const reference = await scaleWithSharp(source, { width, height });
    assert.ok(psnr(onGrey(ours), onGrey(reference)) >= 53, `${psnr(onGrey(ours), onGrey(reference))} dB`);
    const furthest = ours.data.reduce(
      (most, value, at) =>
        at % 4 === 3 ? Math.max(most, Math.abs(value - (reference.data[at] ?? 0))) : most,
      0,
    );
    assert.ok(furthest <= 2, `alpha is ${furthest} levels off`);
  });
}

test('what lies hidden under full transparency makes no difference', async () => {
  const random = createRandom(1);
  const noisy = await resample(
    drawHidden(() => random() * 255),
    { width: 31, height: 25 },
  );
  const black = await resample(
    drawHidden(() => 0),
    { width: 31, height: 25 },
  );

  assert.deepEqual(noisy.data, black.data);
});

test('one colour stays that colour to the edges, opaque or not', async () => {
  for (const alpha of [255, 120, 20]) {
    const source = drawPixels(301, 97, () => [250, 128, 3, alpha]);

    const { data } = await resample(source, { width: 77, height: 13 });

    for (let at = 0; at < data.length; at += 4) {
      assert.deepEqual([...data.subarray(at, at + 4)], [250, 128, 3, alpha]);
    }
  }
});

test('WebAssembly and plain JavaScript give the same bytes, whatever the size', async () => {
  const side = fc.integer({ min: 1, max: 140 });
  const picture = fc.record({
    width: side,
    height: side,
    seed: fc.nat(),
    alpha: fc.constantFrom(255, 200, 0),
  });
  await fc.assert(
    fc.asyncProperty(picture, side, side, async ({ width, height, seed, alpha }, toWidth, toHeight) => {
      // A picture of the right size is not touched at all.
      fc.pre(width !== toWidth || height !== toHeight);
      const random = createRandom(seed);
      const source = drawPixels(width, height, () => {
        const visible = random() < 0.5 ? 255 : alpha;
        return [random() * 256, random() * 256, random() * 256, visible];
      });
      const target = { width: toWidth, height: toHeight };

      const fast = await resample(source, target);

      assert.deepEqual({ ...fast }, { ...(await scalePlainly(source, target)) });
    }),
    { numRuns: 150 },
  );
});

test('many strips join without a seam: a picture as high as a tower, opaque above and clear below', async () => {
  const source = drawPixels(40, 3001, (x, y) => [x * 6, y % 256, (x * y) % 256, y < 2000 ? 255 : 90]);
  const target = { width: 33, height: 1200 };

  const scaled = await resample(source, target);

  assert.deepEqual(scaled.data, (await scalePlainly(source, target)).data);
  const reference = await scaleWithSharp(source, target);
  assert.ok(psnr(onGrey(scaled), onGrey(reference)) >= 45);
});

test('a picture that has its size already comes back as it is', async () => {
  const source = drawTransparent(20, 10);

  assert.equal(await resample(source, { width: 20, height: 10 }), source);
});

test('several pictures at once do not mix', async () => {
  const sources = [drawPhoto(900, 600), drawStrokes(800, 640), drawTransparent(700, 500)];
  const target = { width: 200, height: 150 };

  const together = await Promise.all(sources.map((source) => resample(source, target)));

  for (const [at, source] of sources.entries()) {
    assert.deepEqual(together[at]?.data, (await scalePlainly(source, target)).data);
  }
});

test('an abort is heard between strips, and the next picture is none the worse', async () => {
  const source = drawPixels(3000, 3000, (x, y) => [x % 256, y % 256, 0, 255]);
  const target = { width: 2000, height: 2000 };
  const abort = new AbortController();

  const scaling = resample(source, target, { signal: abort.signal });
  abort.abort(new Error('not wanted'));

  await assert.rejects(scaling, /not wanted/);
  const next = await resample(drawStrokes(90, 70), { width: 30, height: 20 });
  assert.deepEqual(next.data, (await scalePlainly(drawStrokes(90, 70), { width: 30, height: 20 })).data);
});

async function readFixture(name: string): Promise<Pixels> {
  const path = fileURLToPath(new URL(`../../../fixtures/images/${name}`, import.meta.url));
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}

/** @param hidden - A colour that is not seen, as the pixels of one half are transparent. */
function drawHidden(hidden: () => number): Pixels {
  return drawPixels(90, 70, (x, y) => (x + y < 80 ? [hidden(), hidden(), hidden(), 0] : [200, 20, 30, 255]));
}

async function scaleWithSharp({ data, width, height }: Pixels, target: Size): Promise<Pixels> {
  const isOpaque = data.every((value, at) => at % 4 < 3 || value === 255);
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  // With an alpha channel, sharp takes another way.
  const scaled = await (isOpaque ? image.removeAlpha() : image)
    .resize(target.width, target.height, { kernel: 'lanczos3', fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  return { data: new Uint8ClampedArray(scaled), ...target };
}

/** As it would be seen. */
function onGrey({ data, width, height }: Pixels): Pixels {
  return drawPixels(width, height, (x, y) => {
    const at = (y * width + x) * 4;
    const share = (data[at + 3] ?? 0) / 255;
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map(
      (channel) => (data[at + channel] ?? 0) * share + 127 * (1 - share),
    );
    return [red, green, blue, 255];
  });
}

function ringsOf({ data, width }: Pixels) {
  return Array.from({ length: data.length / 4 }, (_, at) => {
    const x = 2 * ((at % width) + 0.5);
    const y = 2 * (Math.floor(at / width) + 0.5);
    const radius = Math.hypot(x - width, y - width) / (width / 2);
    return { radius, value: data[4 * at] ?? 0, ideal: zoneAt(x, y, 2 * width) };
  });
}

function spread(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** As JPEG's decoders do it at a fraction of the size: what is missing of the last blocks is filled up with the edge. */
function averageBlocks({ data, width, height }: Pixels, side: number): Pixels {
  const size = { width: Math.ceil(width / side), height: Math.ceil(height / side) };
  const averaged = new Uint8ClampedArray(size.width * size.height * 4);
  for (let at = 0; at < averaged.length; at += 1) {
    const left = (Math.floor(at / 4) % size.width) * side;
    const top = Math.floor(at / 4 / size.width) * side;
    let sum = 0;
    for (let pixel = 0; pixel < side * side; pixel += 1) {
      const x = Math.min(width - 1, left + (pixel % side));
      const y = Math.min(height - 1, top + Math.floor(pixel / side));
      sum += data[(y * width + x) * 4 + (at % 4)] ?? 0;
    }
    averaged[at] = sum / (side * side);
  }
  return { ...size, data: averaged };
}
