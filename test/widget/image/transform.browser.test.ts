// What becomes of real and broken images, judged by decoded pixels and by bytes.
import { expect } from '@open-wc/testing';
import { transformImage } from '../../../widget/image/transform.js';
import { contains, difference, fixture, makeBmp, makeChunk, makePng, paint, readPixels } from './support.js';

const upright = [1, 2, 3, 4, 5, 6, 7, 8] as const;

describe('orientation', () => {
  for (const orientation of upright) {
    it(`EXIF ${orientation} comes out the right way up, scaled and unscaled`, async () => {
      const expected = await readPixels(await fixture('orientation-landscape-1.jpg'), 60, 45);
      const source = await fixture(`orientation-landscape-${orientation}.jpg`);

      const scaled = await transformImage(source, { maxWidth: 300, maxHeight: 400 });
      const stripped = await transformImage(source);

      expect([scaled.width, scaled.height, scaled.changed]).to.deep.equal([300, 225, true]);
      expect([stripped.width, stripped.height, stripped.changed]).to.deep.equal([600, 450, true]);
      for (const { blob } of [scaled, stripped]) {
        expect(difference(await readPixels(blob, 60, 45), expected)).to.be.below(8);
        expect(await contains(blob, 'Exif')).to.equal(false);
      }
    });
  }

  it('the measure tells a wrong orientation', async () => {
    const pixels = await readPixels(await fixture('orientation-landscape-1.jpg'), 60, 45);

    const turned = pixels.map(
      (_, index) => pixels[pixels.length - 4 - (index - (index % 4)) + (index % 4)] ?? 0,
    );

    expect(difference(pixels, turned)).to.be.above(30);
  });
});

describe('size', () => {
  for (const [limits, size] of [
    [{ maxWidth: 100 }, [100, 75]],
    [{ maxHeight: 100 }, [133, 100]],
    [{ maxWidth: 100, maxHeight: 10 }, [13, 10]],
    [{ maxWidth: 1 }, [1, 1]],
  ] as const) {
    it(`${JSON.stringify(limits)} of 1024 × 768 is ${size.join(' × ')}`, async () => {
      const { width, height, blob } = await transformImage(await fixture('png-alpha-1024x768.png'), limits);

      expect([width, height]).to.deep.equal(size);
      const bitmap = await createImageBitmap(blob);
      expect([bitmap.width, bitmap.height]).to.deep.equal(size);
    });
  }

  it('never scales up, and leaves alone what needs nothing', async () => {
    const source = await fixture('alpha.webp');

    const result = await transformImage(source, { maxWidth: 4000, maxHeight: 4000 });

    expect(result).to.deep.equal({
      blob: source,
      width: 300,
      height: 300,
      type: 'image/webp',
      changed: false,
    });
  });

  it('hands back the original when the result would be larger', async () => {
    const source = await makePng({ width: 3001, height: 3001 });

    const { blob, changed } = await transformImage(source, { maxWidth: 3000, format: 'auto' });

    expect(blob.size).to.be.at.most(source.size);
    if (!changed) expect(blob).to.equal(source);
  });

  it('counts the metadata that goes into the result', async () => {
    const photo = await paint({ width: 400, height: 300, type: 'image/jpeg' }, (context) => {
      for (let x = 0; x < 400; x += 3) context.fillRect(x, (x * x) % 300, 2, 90);
    });
    const comment = Uint8Array.of(0xff, 0xfe, 0xf0, 0, ...new Uint8Array(0xf000 - 2));
    const source = new Blob([photo.slice(0, 2), comment, photo.slice(2)], { type: 'image/jpeg' });

    const { blob } = await transformImage(source, { maxWidth: 390, quality: 1, metadata: 'keep' });

    expect(blob.size).to.be.at.most(source.size);
  });

  it('a photo is scaled at a lower quality where it would become larger', async () => {
    const source = await paint({ width: 400, height: 300, type: 'image/jpeg' }, (context) => {
      for (let x = 0; x < 400; x += 1) {
        context.fillStyle = `hsl(${x} 80% ${30 + ((x * 7) % 40)}%)`;
        context.fillRect(x, 0, 1, 300);
      }
    });

    const { blob, width, height } = await transformImage(source, { maxWidth: 390, quality: 1 });

    expect([width, height]).to.deep.equal([390, 293]);
    expect(blob.size).to.be.at.most(source.size);
  });

  it('fine stripes become grey, not a pattern of their own', async () => {
    const source = await paint({ width: 1600, height: 400, type: 'image/png' }, (context) => {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 1600, 400);
      context.fillStyle = '#000';
      for (let x = 0; x < 1600; x += 2) context.fillRect(x, 0, 1, 400);
    });

    const { blob } = await transformImage(source, { maxWidth: 100, format: 'webp', quality: 1 });

    const pixels = await readPixels(blob, 100, 25);
    // The edge's own stripe counts for those that would be outside.
    const reds = pixels.filter(
      (_, index) => index % 4 === 0 && (index / 4) % 100 > 1 && (index / 4) % 100 < 98,
    );
    expect(Math.max(...reds) - Math.min(...reds)).to.be.below(4);
  });
});

describe('transparency', () => {
  for (const name of ['png-alpha-1024x768.png', 'alpha.webp']) {
    it(`${name} keeps it, in a format that can`, async () => {
      const source = await fixture(name);

      const { blob, type, changed } = await transformImage(source, { maxWidth: 120 });

      expect([changed, type]).to.deep.equal([true, 'image/webp']);
      const alphas = (await readPixels(blob, 40, 30)).filter((_, index) => index % 4 === 3);
      expect(Math.min(...alphas)).to.be.below(200);
    });
  }

  it('may be all there is along the diagonal', async () => {
    const ring = await paint({ width: 400, height: 400, type: 'image/png' }, (context) => {
      context.lineWidth = 20;
      context.arc(200, 200, 185, 0, 2 * Math.PI);
      context.stroke();
    });

    expect((await transformImage(ring, { format: 'webp' })).type).to.equal('image/webp');
  });

  it('becomes white in a JPEG, never black', async () => {
    const source = await paint({ width: 200, height: 200, type: 'image/png' }, (context) => {
      const noise = new ImageData(150, 150);
      let seed = 1;
      for (let at = 0; at < noise.data.length; at += 1) {
        seed = (seed * 16_807) % 2_147_483_647;
        noise.data[at] = at % 4 === 3 ? 255 : seed % 256;
      }
      context.putImageData(noise, 0, 0);
    });

    const { blob, type } = await transformImage(source, { format: 'jpeg', quality: 0.5 });

    expect(type).to.equal('image/jpeg');
    const corner = (await readPixels(blob, 200, 200)).slice(-4);
    expect(Math.min(...corner)).to.be.above(240);
  });
});

describe('format', () => {
  it('converts when asked', async () => {
    const { blob, type } = await transformImage(await fixture('orientation-landscape-1.jpg'), {
      format: 'webp',
    });

    expect([type, blob.type]).to.deep.equal(['image/webp', 'image/webp']);
  });

  it('takes the image’s own format where the browser cannot encode the one asked for', async () => {
    const source = await fixture('orientation-landscape-1.jpg');

    const scaled = await transformImage(source, { format: 'avif', maxWidth: 100 });
    const plain = await transformImage(await fixture('alpha.webp'), { format: 'avif' });

    expect(['image/avif', 'image/jpeg']).to.include(scaled.type);
    expect(scaled.width).to.equal(100);
    expect(['image/avif', 'image/webp']).to.include(plain.type);
  });

  it('scales a BMP and converts it, and leaves alone one that is small enough', async () => {
    const source = makeBmp(60, 40);

    const scaled = await transformImage(source, { maxWidth: 30, format: 'png' });
    const converted = await transformImage(source, { format: 'jpeg' });

    expect([scaled.type, scaled.width, scaled.height]).to.deep.equal(['image/png', 30, 20]);
    expect(difference(await readPixels(scaled.blob, 15, 10), await readPixels(source, 15, 10))).to.be.below(
      3,
    );
    expect(converted.type).to.equal('image/jpeg');
    expect((await transformImage(source, { maxWidth: 60 })).blob).to.equal(source);
  });

  it('scales AVIF where the browser decodes it', async () => {
    const { width, height } = await transformImage(await fixture('photo.avif'), {
      maxWidth: 200,
      quality: 0.5,
    });

    expect([width, height]).to.deep.equal([200, 84]);
  });
});

describe('what is left untouched', () => {
  const limits = { maxWidth: 10, maxHeight: 10 };
  for (const name of ['animated.webp', 'truncated.png']) {
    it(name, async () => {
      const source = await fixture(name);

      const { blob, changed } = await transformImage(source, limits);

      expect(blob).to.equal(source);
      expect(changed).to.equal(false);
    });
  }

  it('an animated GIF, but for its comment', async () => {
    const source = await fixture('animated.gif');

    const { blob, type } = await transformImage(source, limits);

    expect([type, source.size - blob.size]).to.deep.equal(['image/gif', 21]);
    expect((await transformImage(source, { ...limits, metadata: 'keep' })).blob).to.equal(source);
  });

  it('an animated PNG', async () => {
    const source = await makePng({ width: 64, height: 64, chunks: [makeChunk('acTL', new Uint8Array(8))] });

    expect((await transformImage(source, limits)).blob).to.equal(source);
  });

  it('svg, text, nothing, and a JPEG of garbage', async () => {
    const sources = [
      new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' }),
      new Blob(['plain'], { type: 'image/png' }),
      new Blob([], { type: 'image/jpeg' }),
      new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 1, 2, 3)], { type: 'image/jpeg' }),
    ];

    for (const source of sources) expect((await transformImage(source, limits)).blob).to.equal(source);
  });

  it('a truncated JPEG is sent as it is or as far as it decodes, without a throw', async () => {
    const { blob } = await transformImage(await fixture('truncated.jpg'), limits);

    expect(blob.size).to.be.above(0);
  });

  it('a picture of 20 000² is not decoded', async () => {
    const source = await makePng({ width: 20_000, height: 20_000 });
    const decode = globalThis.createImageBitmap;
    let isDecoded = false;
    globalThis.createImageBitmap = () => {
      isDecoded = true;
      return Promise.reject(new Error('decoded'));
    };

    const result = await transformImage(source, { maxWidth: 100 }).finally(() => {
      globalThis.createImageBitmap = decode;
    });

    expect(source.size).to.be.below(100_000);
    expect([isDecoded, result.changed, result.width]).to.deep.equal([false, false, 20_000]);
  });
});

describe('abort', () => {
  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const source = await fixture('orientation-landscape-6.jpg');

    const result = transformImage(source, { maxWidth: 10, signal: controller.signal }).catch(
      (reason: unknown) => reason,
    );
    controller.abort('enough');

    expect(await result).to.equal('enough');
  });
});
