// HEIC to pixels, in Node: the same library and code as in browsers.
import { rejects } from 'node:assert';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { convertFromDisplayP3 } from '../../../../widget/image/heic/convert-colours.js';
import { decodeHeic } from '../../../../widget/image/heic/decode-heic.js';

const FIXTURES = resolve(import.meta.dirname, '../../../fixtures/images');
/** Photos that are too large, or of licences too various, to lie beside the tests. */
const SHARED = resolve(import.meta.dirname, '../../../../../shared/fixtures/images');

describe('decodeHeic', () => {
  it('gives the pixels of the main image', async () => {
    const { data, width, height } = await decodeHeic(await blobOf(resolve(FIXTURES, 'small.heif')));

    deepEqual([width, height], [640, 426]);
    equal(data.length, 640 * 426 * 4);
    const [min, max] = extremesOf(data);
    ok(min < 60 && max > 200, `a photo has dark and light places, not ${min}…${max}`);
  });

  it('says that a damaged file cannot be decoded', async () => {
    const whole = await blobOf(resolve(FIXTURES, 'small.heif'));

    await rejects(decodeHeic(whole.slice(0, 2_000)), /HEIC/);
    await rejects(decodeHeic(new Blob(['no picture'])), /HEIC/);
  });

  it('makes no half picture of a file that is cut off', async () => {
    const whole = await blobOf(resolve(FIXTURES, 'small.heif'));

    for (const part of [0.5, 0.99])
      await rejects(decodeHeic(whole.slice(0, Math.floor(whole.size * part))), /cut off/);
  });

  it('ends with the reason of an abort', async () => {
    const reason = new Error('changed my mind');

    await rejects(
      decodeHeic(await blobOf(resolve(FIXTURES, 'small.heif')), AbortSignal.abort(reason)),
      reason,
    );
  });

  it("turns a phone's photo upright and into sRGB", { skip: missing('iphone.heic') }, async () => {
    const path = resolve(SHARED, 'iphone.heic');

    const { data, width, height } = await decodeHeic(await blobOf(path));

    const { autoOrient, icc } = await sharp(path).metadata();
    deepEqual({ width, height }, autoOrient);
    ok(icc, 'the fixture has a profile');
    equal(data[3], 255);
  });
});

describe('convertFromDisplayP3', () => {
  it('undoes what a colour management system does', async () => {
    const colours = everyColour();
    const raw = { width: colours.length / 3, height: 1, channels: 3 } as const;
    const inP3 = await sharp(colours, { raw }).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(inP3).keepIccProfile().ensureAlpha().raw().toBuffer();
    const data = new Uint8ClampedArray(stored);

    convertFromDisplayP3(data);

    const back = data.filter((_, index) => index % 4 !== 3);
    const off = back.map((value, at) => Math.abs(value - (colours[at] ?? 0)));
    const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
    ok(different(stored, colours), 'P3 has other numbers for these colours');
    // Both ways are rounded, and where a light is nearly off one step of P3 is several of sRGB.
    ok(mean < 0.5 && Math.max(...off) < 8, `off by ${mean} of 255 on average, ${Math.max(...off)} at most`);
  });

  it('leaves greys and transparency alone', () => {
    const greys = Uint8ClampedArray.from({ length: 256 * 4 }, (_, index) =>
      index % 4 === 3 ? 77 : index >> 2,
    );
    const before = greys.slice();

    convertFromDisplayP3(greys);

    deepEqual(greys, before);
  });

  it('gives the strongest that sRGB has where P3 is stronger', () => {
    const green = Uint8ClampedArray.of(0, 255, 0, 255);

    convertFromDisplayP3(green);

    deepEqual([...green], [0, 255, 0, 255]);
  });
});

function missing(name: string): string | false {
  return existsSync(resolve(SHARED, name)) ? false : `${name} is not here`;
}

async function blobOf(path: string): Promise<Blob> {
  return new Blob([await readFile(path)]);
}

/** Reds, greens and blues in steps of 17, three bytes each. */
function everyColour(): Uint8ClampedArray {
  const steps = Array.from({ length: 16 }, (_, step) => step * 17);
  return Uint8ClampedArray.from(steps.flatMap((r) => steps.flatMap((g) => steps.flatMap((b) => [r, g, b]))));
}

function different(stored: Buffer, colours: Uint8ClampedArray): boolean {
  return stored.some((value, at) => at % 4 === 0 && Math.abs(value - (colours[(at / 4) * 3] ?? 0)) > 10);
}

function extremesOf(data: Uint8ClampedArray): readonly [number, number] {
  return data.reduce<[number, number]>(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [255, 0],
  );
}
