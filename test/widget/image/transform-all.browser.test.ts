// An image with all that is made from it: renditions, placeholder, and what is said when nothing can be made.
import { expect } from '@open-wc/testing';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { transformAll } from '../../../widget/image/transform-all.js';
import { contains, difference, fixture, makePng, paint, readPixels } from './support.js';

/** Soft waves, in more colours than a palette has. */
function paintWaves(context: OffscreenCanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const image = new ImageData(width, height);
  for (let at = 0; at < image.data.length; at += 4) {
    const x = (at / 4) % width;
    const y = Math.floor(at / 4 / width);
    image.data.set([128 + 100 * Math.sin(x / 20), 128 + 100 * Math.cos(y / 15), (x + y) % 256, 255], at);
  }
  context.putImageData(image, 0, 0);
}

/** Four flat fields: a drawing. */
function paintFields(context: OffscreenCanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  for (const [at, colour] of ['#c00', '#0a0', '#00c', '#cc0'].entries()) {
    context.fillStyle = colour;
    context.fillRect(((at % 2) * width) / 2, (at >> 1) * (height / 2), width / 2, height / 2);
  }
}

type Methods = Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>;

/** Lets canvases of the page behave as those of another browser. */
async function withContextMethod<T>(make: (own: Methods) => Methods, work: () => Promise<T>): Promise<T> {
  const { prototype } = OffscreenCanvasRenderingContext2D;
  const own = Object.getOwnPropertyDescriptors(prototype) as unknown as Readonly<
    Record<string, TypedPropertyDescriptor<(...args: never[]) => unknown>>
  >;
  const methods = make(Object.fromEntries(Object.entries(own).map(([name, { value }]) => [name, value])));
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { ...own[name], value });
  }
  try {
    return await work();
  } finally {
    for (const name of Object.keys(methods)) Object.defineProperty(prototype, name, own[name] ?? {});
  }
}

/** In place of what is on a canvas. */
function giveWhite(...[, , width, height]: Parameters<OffscreenCanvasRenderingContext2D['getImageData']>) {
  return new ImageData(new Uint8ClampedArray(width * height * 4).fill(255), width, height);
}

async function countDecodes<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const { ImageDecoder: Decoder, createImageBitmap: decodeBitmap } = globalThis;
  let count = 0;
  globalThis.ImageDecoder = class extends Decoder {
    override decode(...options: Parameters<ImageDecoder['decode']>) {
      count += 1;
      return super.decode(...options);
    }
  };
  globalThis.createImageBitmap = ((...args: Parameters<typeof createImageBitmap>) => {
    count += 1;
    return decodeBitmap(...args);
  }) as typeof createImageBitmap;
  try {
    return [await work(), count];
  } finally {
    globalThis.ImageDecoder = Decoder;
    globalThis.createImageBitmap = decodeBitmap;
  }
}

describe('renditions', () => {
  it('are made from one decode, upright, in the order asked for, without what repeats the image', async () => {
    const source = await fixture('orientation-landscape-6.jpg');
    const renditions = [
      { name: 'tiny', maxWidth: 60 },
      { name: 'same', maxWidth: 300 },
      { name: 'middle', maxWidth: 200, format: 'webp' },
      { name: 'huge', maxWidth: 5000, format: 'png' },
    ] as const;

    const [{ main, renditions: made }, decodes] = await countDecodes(() =>
      transformAll(source, { maxWidth: 300, renditions }),
    );

    expect([main.width, main.height]).to.deep.equal([300, 225]);
    expect(made.map(({ name, type, width, height }) => [name, type, width, height])).to.deep.equal([
      ['tiny', 'image/jpeg', 60, 45],
      ['middle', 'image/webp', 200, 150],
      ['huge', 'image/png', 600, 450],
    ]);
    expect(decodes).to.equal(1);
    const expected = await readPixels(await fixture('orientation-landscape-1.jpg'), 60, 45);
    // What the browser draws small is not as sharp; a picture that is not upright is more than 30 away.
    for (const { blob } of made) expect(difference(await readPixels(blob, 60, 45), expected)).to.be.below(16);
  });

  it('come also with an image that is sent as it is', async () => {
    const source = await fixture('animated.gif');

    const { main, renditions, notice } = await transformAll(source, {
      maxWidth: 100,
      renditions: [{ name: 'still', maxWidth: 100 }],
    });

    expect([main.width, notice]).to.deep.equal([370, undefined]);
    expect(renditions.map(({ width, height }) => [width, height])).to.deep.equal([[100, 77]]);
  });
});

describe('a placeholder', () => {
  it('has the colours and the shape of the image as shown', async () => {
    const source = await paint({ width: 400, height: 200, type: 'image/png' }, (context) => {
      context.fillStyle = '#c83214';
      context.fillRect(0, 0, 400, 200);
    });

    const { placeholder = '' } = await transformAll(source, { hasPlaceholder: true });

    const hash = Uint8Array.from(atob(placeholder), (letter) => letter.charCodeAt(0));
    const { r, g, b, a } = thumbHashToAverageRGBA(hash);
    expect(r).to.be.closeTo(0xc8 / 255, 0.05);
    expect(g).to.be.closeTo(0x32 / 255, 0.05);
    expect(b).to.be.closeTo(0x14 / 255, 0.05);
    expect(a).to.equal(1);
    expect(thumbHashToApproximateAspectRatio(hash)).to.be.above(1.3);
  });

  it('is not needed: an image that cannot be decoded goes without', async () => {
    const source = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 1, 2, 3)], { type: 'image/jpeg' });

    const images = await transformAll(source, { hasPlaceholder: true });

    expect([images.main.blob, images.placeholder]).to.deep.equal([source, undefined]);
  });
});

describe('a PNG without a format asked for', () => {
  it('stays what it is, or loses nothing as WebP, when it is a drawing', async () => {
    const source = await paint({ width: 800, height: 600, type: 'image/png' }, paintFields);

    const { main } = await transformAll(source, { maxWidth: 400 });

    const expected = await readPixels(source, 400, 300);
    expect(difference(await readPixels(main.blob, 400, 300), expected)).to.be.below(0.5);
  });

  it('loses nothing either where scaling blends the colours of a drawing', async () => {
    const source = await paint({ width: 1200, height: 900, type: 'image/png' }, (context) => {
      paintFields(context);
      context.font = '40px sans-serif';
      for (const y of [100, 400, 700]) context.fillText('Turnover in 2026', 50, y);
    });

    const { main } = await transformAll(source, { maxWidth: 400 });

    expect(main.type === 'image/png' || (await contains(main.blob, 'VP8L'))).to.equal(true);
  });

  it('becomes WebP when it is a photograph', async () => {
    const source = await paint({ width: 800, height: 600, type: 'image/png' }, paintWaves);

    const { main } = await transformAll(source, { maxWidth: 400 });

    expect([main.type, main.width, main.height]).to.deep.equal(['image/webp', 400, 300]);
    expect(difference(await readPixels(main.blob, 80, 60), await readPixels(source, 80, 60))).to.be.below(4);
  });
});

describe('the user is told that the original was sent', () => {
  const limits = { maxWidth: 10, metadata: 'keep' } as const;

  it('where it cannot be decoded, and where it has too many pixels', async () => {
    const broken = await fixture('truncated.png');
    const huge = await makePng({ width: 20_000, height: 20_000 });

    for (const source of [broken, huge]) {
      const { main, notice } = await transformAll(source, limits);
      expect([main.blob, notice]).to.deep.equal([source, 'original-sent']);
    }
  });

  it('where the browser lets no page see what is on a canvas', async () => {
    const source = await paint({ width: 100, height: 100, type: 'image/png' }, paintWaves);
    const { main, notice } = await withContextMethod(
      () => ({ getImageData: giveWhite }),
      () => transformAll(source, limits),
    );

    expect([main.blob, notice]).to.deep.equal([source, 'original-sent']);
  });

  it('where canvases above a limit stay empty, as on iOS', async () => {
    const source = await paint({ width: 300, height: 200, type: 'image/png' }, paintWaves);

    const { main, notice } = await withContextMethod(
      ({ putImageData }) => ({
        putImageData(this: OffscreenCanvasRenderingContext2D, image: ImageData) {
          if (image.width < 100) putImageData?.apply(this, [image, 0, 0] as never[]);
        },
      }),
      () => transformAll(source, { ...limits, maxWidth: 200 }),
    );

    expect([main.blob, notice]).to.deep.equal([source, 'original-sent']);
  });

  it('where the browser shows another part of it, or turns it in a way that its header does not tell', async () => {
    const source = await paint({ width: 300, height: 200, type: 'image/png' }, paintWaves);
    const { createImageBitmap, ImageDecoder } = globalThis;
    const other = await createImageBitmap(source, 0, 0, 150, 200);
    Object.assign(globalThis, { ImageDecoder: undefined, createImageBitmap: () => Promise.resolve(other) });

    const { main, notice } = await transformAll(source, { ...limits, maxWidth: 100 }).finally(() =>
      Object.assign(globalThis, { ImageDecoder, createImageBitmap }),
    );

    expect([main.blob, notice]).to.deep.equal([source, 'original-sent']);
  });

  it('and not where the original is simply better', async () => {
    const { notice } = await transformAll(await fixture('alpha.webp'), { maxWidth: 4000 });

    expect(notice).to.equal(undefined);
  });
});

describe('wide colours', () => {
  it('stay wide: Display P3 comes out as Display P3', async () => {
    const canvas = new OffscreenCanvas(200, 200);
    const context = canvas.getContext('2d', { colorSpace: 'display-p3' });
    if (!context) throw new Error('no canvas');
    context.fillStyle = 'color(display-p3 0 1 0)';
    context.fillRect(0, 0, 200, 200);
    const source = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });

    const { main } = await transformAll(source, { maxWidth: 100 });

    const out = new OffscreenCanvas(1, 1).getContext('2d', { colorSpace: 'display-p3' });
    out?.drawImage(await createImageBitmap(main.blob), 0, 0);
    const [red = 255, green = 0, blue = 255] = out?.getImageData(0, 0, 1, 1).data ?? [];
    expect(red).to.be.below(12);
    expect(green).to.be.above(243);
    expect(blue).to.be.below(12);
  });
});
