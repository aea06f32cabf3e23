// The pure parts: headers, and the geometry of scaling.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fitSize, isDecodable, planSteps } from '../../../widget/image/resize-plan.js';
import { sniffImage } from '../../../widget/image/sniff.js';

const FACTS: readonly (readonly [string, string])[] = [
  ['orientation-landscape-1.jpg', 'jpeg 600x450 o1 metadata'],
  ['orientation-landscape-6.jpg', 'jpeg 450x600 o6 metadata'],
  ['gps-nikon.jpg', 'jpeg 640x480 o1 metadata'],
  ['truncated.jpg', 'jpeg 2725x2225 o1'],
  ['corrupt-header.jpg', 'jpeg nullxnull o1 metadata'],
  ['png-alpha-1024x768.png', 'png 1024x768 o1 alpha'],
  ['animated.gif', 'gif 370x285 o1 alpha animated'],
  ['animated.webp', 'webp 370x285 o1 alpha animated'],
  ['alpha.webp', 'webp 300x300 o1 alpha'],
  ['photo.avif', 'avif 2048x858 o1 metadata'],
  ['small.heif', 'heic 640x426 o1 metadata'],
  ['gps-boxes.jxl', 'jxl 96x72 o1 alpha metadata'],
  ['orientation-6.jxl', 'jxl 45x60 o6 alpha metadata'],
];

for (const [name, expected] of FACTS) {
  test(`${name} is ${expected}`, async () => {
    const facts = sniffImage(await readFixture(name));

    assert.ok(facts);
    const { kind, width, height, orientation, hasAlpha, isAnimated, hasMetadata } = facts;
    const flags = [hasAlpha && 'alpha', isAnimated && 'animated', hasMetadata && 'metadata'].filter(Boolean);
    assert.equal([kind, `${width}x${height}`, `o${orientation}`, ...flags].join(' '), expected);
  });
}

test('what is no image is none', () => {
  for (const text of [
    '',
    'GIF',
    'plain text',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'RIFF....WAVEfmt ',
    '%PDF-1.7',
  ]) {
    assert.equal(sniffImage(new TextEncoder().encode(text)), undefined);
  }
});

test('no bytes make it throw: garbage, headers cut off anywhere, fixtures with flipped bytes', async () => {
  const heads = await Promise.all(FACTS.map(async ([name]) => (await readFixture(name)).subarray(0, 4096)));
  for (const head of heads) for (let end = 0; end < 600; end += 1) sniffImage(head.subarray(0, end));
  const damage = fc.tuple(
    fc.constantFrom(...heads),
    fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 30 }),
  );

  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void sniffImage(bytes)));
  fc.assert(
    fc.property(damage, ([head, flips]) => {
      const bytes = Uint8Array.from(head);
      for (const [at, value] of flips) bytes[at] = value;
      sniffImage(bytes);
    }),
  );
});

test('a single GIF frame is no animation, a file that is cut off may be one', () => {
  const pixel = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  const head = [...new TextEncoder().encode('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  const gif = (...rest: readonly number[]) => sniffImage(Uint8Array.from([...head, ...rest]))?.isAnimated;

  assert.equal(gif(...pixel, 0x3b), false);
  assert.equal(gif(...pixel, ...pixel, 0x3b), true);
  assert.equal(gif(...pixel), true);
  assert.equal(gif(0x99), true);
});

test('a size fits its limits, keeps its shape and never grows', () => {
  const side = fc.integer({ min: 1, max: 70_000 });
  fc.assert(
    fc.property(
      fc.tuple(side, side, fc.option(side), fc.option(side)),
      ([width, height, maxWidth, maxHeight]) => {
        const fitted = fitSize({ width, height }, { maxWidth, maxHeight });
        assert.ok(fitted.width >= 1 && fitted.width <= Math.min(width, maxWidth ?? width));
        assert.ok(fitted.height >= 1 && fitted.height <= Math.min(height, maxHeight ?? height));
        if (fitted.width > 1 && fitted.height > 1) {
          const factor = Math.min(1, (maxWidth ?? width) / width, (maxHeight ?? height) / height);
          assert.ok(
            Math.abs(fitted.width - width * factor) <= 0.5 &&
              Math.abs(fitted.height - height * factor) <= 0.5,
          );
        }
      },
    ),
  );
});

test('what is no length is no limit', () => {
  for (const side of [0, -5, Number.NaN, null]) {
    assert.deepEqual(fitSize({ width: 8, height: 6 }, { maxWidth: side, maxHeight: side }), {
      width: 8,
      height: 6,
    });
  }
});

test('steps end at the target and never skip more than half', () => {
  const side = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(side, side, fc.double({ min: 0.001, max: 1, noNaN: true }), (width, height, factor) => {
      const source = { width, height };
      const target = {
        width: Math.max(1, Math.round(width * factor)),
        height: Math.max(1, Math.round(height * factor)),
      };
      const steps = planSteps(source, target);
      assert.deepEqual(steps.at(-1), target);
      let before = source;
      for (const step of steps.slice(0, -1)) {
        assert.deepEqual(step, { width: Math.ceil(before.width / 2), height: Math.ceil(before.height / 2) });
        before = step;
      }
      assert.ok(target.width >= before.width / 2 - 1 || target.height >= before.height / 2 - 1);
    }),
  );
});

test('a hundred million pixels are decoded, more are not', () => {
  assert.equal(isDecodable({ width: 10_000, height: 10_000 }), true);
  assert.equal(isDecodable({ width: 10_001, height: 10_000 }), false);
  assert.equal(isDecodable({ width: 0, height: 5 }), false);
});

async function readFixture(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../../fixtures/images/${name}`, import.meta.url));
}
