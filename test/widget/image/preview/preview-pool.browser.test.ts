// The thumbnail pool: in workers, without them, and when they break; every kind of image comes out small and upright.
import { expect } from '@open-wc/testing';
import { createWorker } from '../../../../widget/image/preview/create-worker.js';
import { findThumbnail } from '../../../../widget/image/metadata/thumbnail.js';
import { glanceAt } from '../../../../widget/image/preview/glance.js';
import { PreviewPool } from '../../../../widget/image/preview/preview-pool.js';
import { makeThumbnail } from '../../../../widget/image/preview/thumbnail.js';
import { difference, fixture, makePng, paint, readPixels } from '../support.js';

describe('the thumbnail pool', () => {
  it('gives in a worker what the page gives, and takes a worker again', async () => {
    let started = 0;
    const pool = new PreviewPool({ createWorker: () => ((started += 1), createWorker()) });
    const photo = await fixture('photo-2725x2225.jpg');

    const first = await pool.make(photo);
    await pool.make(photo);

    expect(first?.picture.size).to.equal((await makeThumbnail(photo))?.size);
    expect(started).to.equal(1);
    pool.close();
  });

  for (const { does, name, isEarly, expected } of [
    {
      does: 'gives at once what the camera put into the file',
      name: 'gps-nikon.jpg',
      isEarly: true,
      expected: glanceAt,
    },
    {
      does: 'decodes at once where the camera put nothing into the file',
      name: 'photo-2725x2225.jpg',
      isEarly: false,
      expected: makeThumbnail,
    },
  ]) {
    it(does, async () => {
      const pool = new PreviewPool();
      const photo = await fixture(name);

      const made = await pool.make(photo, 'first');

      expect(made?.isEarly).to.equal(isEarly);
      expect(made?.picture.size).to.equal((await expected(photo))?.size);
      pool.close();
    });
  }

  it('works on the page where workers are not allowed', async () => {
    const pool = new PreviewPool({
      createWorker: () => {
        throw new DOMException('', 'SecurityError');
      },
    });

    const made = await pool.make(await fixture('alpha.webp'));

    expect(made?.picture.type).to.equal('image/webp');
  });

  it('gives up an image that a worker breaks or sticks on, and goes on with the next', async () => {
    const scripts = [
      'postMessage({ type: "ready" }); onmessage = () => { throw new Error("") }',
      'postMessage({ type: "ready" })',
    ];
    const pool = new PreviewPool({
      createWorker: () => {
        const script = scripts.shift();
        return script === undefined
          ? createWorker()
          : new Worker(`data:text/javascript,${encodeURIComponent(script)}`);
      },
      patienceMs: 500,
    });
    const photo = await fixture('photo-2725x2225.jpg');

    expect(await pool.make(photo)).to.equal(undefined);
    expect(await pool.make(photo)).to.equal(undefined);
    expect((await pool.make(photo))?.picture.type).to.equal('image/jpeg');
    pool.close();
  });

  it('lets no other image suffer for one that breaks its worker', async () => {
    const scripts = ['postMessage({ type: "ready" }); onmessage = () => { throw new Error("") }'];
    const pool = new PreviewPool({
      createWorker: () => {
        const script = scripts.shift();
        return script === undefined
          ? createWorker()
          : new Worker(`data:text/javascript,${encodeURIComponent(script)}`);
      },
    });
    const photo = await fixture('photo-2725x2225.jpg');

    const pictures = await Promise.all(Array.from({ length: 4 }, () => pool.make(photo)));

    expect(pictures.filter((picture) => picture === undefined)).to.have.length(1);
    pool.close();
  });
});

describe('a thumbnail', () => {
  for (const turn of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`is upright with orientation ${turn}`, async () => {
      const photo = await fixture(`orientation-landscape-${turn}.jpg`);

      const picture = await makeThumbnail(photo);

      const bitmap = await createImageBitmap(photo, { resizeWidth: 213, resizeQuality: 'high' });
      const expected = await paint({ width: 213, height: 160, type: 'image/png' }, (context) =>
        context.drawImage(bitmap, 0, 0, 213, 160),
      );
      const { width, height } = await createImageBitmap(picture!);
      expect([width, height]).to.deep.equal([213, 160]);
      expect(difference(await readPixels(picture!, 16, 12), await readPixels(expected, 16, 12))).to.be.below(
        4,
      );
    });
  }

  for (const name of ['photo.avif', 'png-alpha-1024x768.png', 'animated.gif', 'animated.webp']) {
    it(`is made of ${name}`, async () => {
      const picture = await makeThumbnail(await fixture(name));

      const { width, height } = await createImageBitmap(picture!);
      expect(Math.min(width, height)).to.be.at.most(160);
    });
  }

  it('is made of HEIC, which this browser may not decode itself', async () => {
    const pool = new PreviewPool();

    const made = await pool.make(await fixture('small.heif', 'image/heif'), 'heic');

    expect(made?.picture.type).to.equal('image/jpeg');
    pool.close();
  });

  it('is not made of what is corrupt, or promises too many pixels', async () => {
    expect(await makeThumbnail(await fixture('corrupt-header.jpg'))).to.equal(undefined);
    expect(await makeThumbnail(new Blob(['no image']))).to.equal(undefined);
    expect(await makeThumbnail(await makePng({ width: 20_000, height: 8_000 }))).to.equal(undefined);
  });
});

describe('what a camera put into the file', () => {
  for (const turn of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`is turned as the photo is, and cut to its shape, with orientation ${turn}`, async () => {
      const photo = await turned(await fixture('gps-nikon.jpg'), turn);

      const early = await glanceAt(photo);

      const whole = await createImageBitmap(photo);
      const bitmap = await createImageBitmap(early!);
      expect(bitmap.width / bitmap.height).to.be.closeTo(whole.width / whole.height, 0.03);
      const { width, height } = bitmap;
      const expected = await paint({ width, height, type: 'image/png' }, (context) => {
        context.imageSmoothingQuality = 'high';
        context.drawImage(whole, 0, 0, width, height);
      });
      expect(difference(await readPixels(early!, 12, 12), await readPixels(expected, 12, 12))).to.be.below(
        12,
      );
    });
  }

  it('is left out where it says itself that it has to be turned', async () => {
    const bytes = new Uint8Array(await (await fixture('gps-nikon.jpg')).arrayBuffer());
    const place = findThumbnail(bytes);
    const small = await paint({ width: 160, height: 106, type: 'image/jpeg' }, (context) =>
      context.fillRect(0, 0, 80, 106),
    );
    const inner = (orientation: number) =>
      new Blob([small.slice(0, 2), segmentOfExif(orientation), small.slice(2)]).arrayBuffer();

    bytes.set(new Uint8Array(await inner(1)), place?.start);
    expect(await glanceAt(new Blob([bytes]))).not.to.equal(undefined);
    bytes.set(new Uint8Array(await inner(6)), place?.start);
    expect(await glanceAt(new Blob([bytes]))).to.equal(undefined);
  });

  it('is left out where it is broken or there is none', async () => {
    const photo = await fixture('gps-nikon.jpg');
    const bytes = new Uint8Array(await photo.arrayBuffer());
    bytes.fill(0, 4600, 11_000);

    expect(await glanceAt(new Blob([bytes]))).to.equal(undefined);
    expect(await glanceAt(photo.slice(0, 5000))).to.equal(undefined);
    expect(await glanceAt(new Blob([]))).to.equal(undefined);
  });
});

/** The photo with another orientation in its EXIF. */
async function turned(photo: Blob, orientation: number): Promise<Blob> {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  const tag = [0x12, 0x01, 3, 0, 1, 0, 0, 0];
  const start = bytes.findIndex((_, at) => tag.every((byte, i) => bytes[at + i] === byte));
  bytes[start + tag.length] = orientation;
  return new Blob([bytes], { type: 'image/jpeg' });
}

function segmentOfExif(orientation: number): Uint8Array<ArrayBuffer> {
  const mark = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0];
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return Uint8Array.from([...mark, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]);
}
