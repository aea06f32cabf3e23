// A JPEG that this browser hands out in planes comes out as one that it hands out in pixels.
import { expect } from '@open-wc/testing';
import { transformImage } from '../../../widget/image/transform.js';
import { difference, paint, readPixels } from './support.js';

type CopyTo = (
  this: VideoFrame,
  destination: AllowSharedBufferSource,
  options?: VideoFrameCopyToOptions,
) => Promise<PlaneLayout[]>;
const copyTo: CopyTo = Reflect.get(VideoFrame.prototype, 'copyTo');
/** How frames were read: in planes, or as RGBA. */
let reads: Set<string>;

beforeEach(() => {
  reads = new Set();
  VideoFrame.prototype.copyTo = function (this: VideoFrame, destination, options) {
    reads.add(options?.format ?? 'planes');
    return copyTo.call(this, destination, options);
  };
});

afterEach(() => {
  VideoFrame.prototype.copyTo = copyTo;
});

describe('a JPEG in planes', () => {
  for (const [width, height] of [
    [1000, 668],
    [1001, 667],
    [640, 40],
  ] as const) {
    it(`of ${width} × ${height} looks as in pixels`, async () => {
      const photo = await paintPhoto(width, height);

      const made = await transformImage(photo, { maxWidth: 501, quality: 0.85 });
      expect([...reads].sort()).to.deep.equal(['RGBA', 'planes']);
      reads.clear();
      const wanted = await transformImage(photo, { maxWidth: 501, quality: 0.85, format: 'png' });
      expect([...reads]).to.deep.equal(['RGBA']);

      expect([made.type, made.width, made.height]).to.deep.equal(['image/jpeg', 501, wanted.height]);
      const size = [501, wanted.height ?? 0] as const;
      const [a, b] = await Promise.all([readPixels(made.blob, ...size), readPixels(wanted.blob, ...size)]);
      expect(difference(a, b)).to.be.below(2.5);
    });
  }

  it('is looked at pixel by pixel where there are few', async () => {
    await transformImage(await paintPhoto(640, 3), { maxWidth: 320, quality: 0.85 });

    expect([...reads]).to.deep.equal(['RGBA']);
  });

  // Half of it would be too few pixels for the first; for the second it is enough, and quicker.
  for (const [maxWidth, decodedWidth] of [
    [310, 1000],
    [220, 500],
  ] as const) {
    it(`of 1000 pixels is decoded to ${decodedWidth} to become ${maxWidth}`, async () => {
      const decoded: number[] = [];
      const decode: (this: ImageDecoder, options?: ImageDecodeOptions) => Promise<ImageDecodeResult> =
        Reflect.get(ImageDecoder.prototype, 'decode');
      ImageDecoder.prototype.decode = async function (this: ImageDecoder, options) {
        const result = await decode.call(this, options);
        decoded.push(result.image.visibleRect?.width ?? 0);
        return result;
      };
      try {
        await transformImage(await paintPhoto(1000, 668), { maxWidth, quality: 0.85 });
      } finally {
        ImageDecoder.prototype.decode = decode;
      }

      expect(decoded).to.deep.equal([decodedWidth]);
      expect(reads.has('planes')).to.equal(decodedWidth === 1000);
    });
  }

  it('is looked at pixel by pixel for the finest quality', async () => {
    await transformImage(await paintPhoto(1000, 668), { maxWidth: 500, quality: 0.9 });

    expect([...reads]).to.deep.equal(['RGBA']);
  });

  it('is not sent when the browser hands out nothing', async () => {
    VideoFrame.prototype.copyTo = async function (this: VideoFrame, destination, options) {
      const layouts = await copyTo.call(this, destination, options);
      if (destination instanceof Uint8ClampedArray) destination.fill(0);
      return layouts;
    };
    const photo = await paintPhoto(1000, 668);

    const { blob, changed } = await transformImage(photo, { maxWidth: 500, metadata: 'keep' });

    expect(changed).to.equal(false);
    expect(blob).to.equal(photo);
  });
});

/** Slopes of colour, discs and fine lines. */
function paintPhoto(width: number, height: number): Promise<Blob> {
  return paint({ width, height, type: 'image/jpeg' }, (context) => {
    const slope = context.createLinearGradient(0, 0, width, height);
    for (const [at, colour] of ['#123', '#e84', '#4a9', '#eef'].entries()) slope.addColorStop(at / 3, colour);
    context.fillStyle = slope;
    context.fillRect(0, 0, width, height);
    for (let at = 0; at < 60; at += 1) {
      context.fillStyle = `hsl(${at * 47} 70% ${20 + at}%)`;
      context.beginPath();
      context.arc((at * 389) % width, (at * 211) % height, 8 + (at % 7) * 6, 0, 7);
      context.fill();
    }
  });
}
