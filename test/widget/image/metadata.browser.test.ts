// What leaves the browser with an image that is to lose its metadata: nothing of it, or no image at all.
import { expect } from '@open-wc/testing';
import { sniffImage } from '../../../widget/image/sniff.js';
import { ImageError, transformImage } from '../../../widget/image/transform.js';
import { contains, difference, fixture, makeChunk, makePng, readPixels } from './support.js';

describe('metadata', () => {
  it('a JPEG below the limits leaves its position behind', async () => {
    const source = await fixture('gps-nikon.jpg');
    expect(await contains(source, 'Exif')).to.equal(true);

    const { blob, changed } = await transformImage(source, { maxWidth: 4000, maxHeight: 4000 });

    expect(changed).to.equal(true);
    expect(await contains(blob, 'Exif')).to.equal(false);
    expect(blob.size).to.be.at.most(source.size);
  });

  it('stays when it is to be kept', async () => {
    const source = await fixture('gps-nikon.jpg');

    expect((await transformImage(source, { metadata: 'keep' })).blob).to.equal(source);
  });

  it('a JPEG whose metadata cannot be removed is not handed out', async () => {
    const source = await fixture('corrupt-header.jpg');

    const error = await transformImage(source).catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(ImageError);
    expect((error as ImageError).code).to.equal('metadata-not-removed');
    expect((await transformImage(source, { metadata: 'keep' })).blob).to.equal(source);
  });
});

describe('metadata of other kinds', () => {
  it('a PNG loses its texts and not a pixel', async () => {
    const plain = await fixture('png-alpha-1024x768.png');
    const text = makeChunk('tEXt', new TextEncoder().encode('Comment\0position')) as Uint8Array<ArrayBuffer>;
    const source = new Blob([plain.slice(0, -12), text, plain.slice(-12)], { type: 'image/png' });

    const { blob, changed, type, width } = await transformImage(source);

    expect([changed, type, width]).to.deep.equal([true, 'image/png', 1024]);
    expect(await contains(blob, 'position')).to.equal(false);
    expect(difference(await readPixels(blob, 99, 99), await readPixels(source, 99, 99))).to.equal(0);
    expect((await transformImage(source, { metadata: 'keep' })).blob).to.equal(source);
  });

  it('an animated PNG goes on moving without its position', async () => {
    const position = makeChunk('eXIf', new TextEncoder().encode('Exif position'));
    const source = await makePng({
      width: 64,
      height: 64,
      chunks: [makeChunk('acTL', new Uint8Array(8)), position],
    });

    const { blob, changed } = await transformImage(source, { maxWidth: 10 });

    expect([changed, await contains(blob, 'acTL'), await contains(blob, 'position')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('an animated WebP goes on moving without its position', async () => {
    const plain = await fixture('animated.webp');
    const chunk = new TextEncoder().encode('EXIF\b\0\0\0position');
    const bytes = new Uint8Array(await new Blob([plain, chunk]).arrayBuffer());
    new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true);
    bytes[20] = (bytes[20] ?? 0) | 0x08;

    const { blob, changed } = await transformImage(new Blob([bytes], { type: 'image/webp' }));

    expect(changed).to.equal(true);
    expect(new Uint8Array(await blob.arrayBuffer())).to.deep.equal(new Uint8Array(await plain.arrayBuffer()));
  });

  for (const name of ['damaged.heif', 'fax.tif']) {
    it(`${name} is not handed out where nothing decodes it`, async () => {
      const tiff = new Blob(['II*\0whatever'], { type: 'image/tiff' });
      const damaged = (await fixture('small.heif')).slice(0, 12_000, 'image/heif');
      const source = name === 'fax.tif' ? tiff : damaged;

      const error = await transformImage(source).catch((reason: unknown) => reason);

      expect((error as ImageError).code).to.equal('metadata-not-removed');
      expect((await transformImage(source, { metadata: 'keep' })).blob).to.equal(source);
    });
  }

  it('a HEIC becomes a JPEG where the browser cannot decode it', async () => {
    const { blob, ...made } = await transformImage(await fixture('small.heif'), { maxWidth: 320 });

    expect(made).to.deep.include({ type: 'image/jpeg', width: 320, height: 213, changed: true });
    const [dark, light] = extremesOf(await readPixels(blob, 32, 21));
    expect(dark).to.be.below(80);
    expect(light).to.be.above(180);
  });

  it('a HEIC becomes a JPEG where the browser decodes it', async () => {
    const photo = await fixture('orientation-landscape-1.jpg');
    const decode = globalThis.createImageBitmap;
    globalThis.createImageBitmap = () => decode(photo, { resizeWidth: 640, resizeHeight: 426 });

    const { blob, type, width, changed } = await transformImage(await fixture('small.heif'), {
      maxWidth: 300,
    }).finally(() => {
      globalThis.createImageBitmap = decode;
    });

    expect([type, blob.type, width, changed]).to.deep.equal(['image/jpeg', 'image/jpeg', 300, true]);
    expect(await contains(blob, 'Exif')).to.equal(false);
  });

  it('an empty canvas is never sent as a white picture', async () => {
    const decode = globalThis.createImageBitmap;
    globalThis.createImageBitmap = () => decode(new ImageData(600, 400));

    const { changed, type } = await transformImage(await fixture('small.heif')).finally(() => {
      globalThis.createImageBitmap = decode;
    });

    // Without what it tells of itself, it stays what it was.
    expect([type, changed]).to.deep.equal(['image/heif', true]);
  });

  it('an AVIF loses what is more than the picture, and stays what it is', async () => {
    const plain = await fixture('photo.avif');
    const more = new Blob([plain, Uint8Array.of(0, 0, 0, 16), 'uuidposition'], { type: 'image/avif' });

    const { blob, changed, type } = await transformImage(more);

    expect([changed, type, await contains(blob, 'position')]).to.deep.equal([true, 'image/avif', false]);
    expect(await blob.bytes()).to.deep.equal(await plain.bytes());
    expect((await transformImage(plain)).blob).to.equal(plain);
    expect((await transformImage(more, { metadata: 'keep' })).blob).to.equal(more);
  });
});

describe('a JPEG of which more pixels would be needed than are decoded', () => {
  it('loses its metadata without being decoded', async () => {
    const source = await huge('orientation-landscape-1.jpg');
    expect(await contains(source, 'Exif')).to.equal(true);

    const { blob, changed, width } = await transformImage(source, { maxWidth: 8000 });

    expect([changed, width, blob.type]).to.deep.equal([true, 9_000, 'image/jpeg']);
    for (const mark of ['Exif\0', 'ns.adobe.com']) expect(await contains(blob, mark)).to.equal(false);
  });

  it('keeps, of all that EXIF says, which way up it is', async () => {
    const source = await huge('orientation-landscape-6.jpg');

    const { blob, changed, width } = await transformImage(source, { maxWidth: 8000 });

    expect([changed, width]).to.deep.equal([true, 12_000]);
    expect(sniffImage(new Uint8Array(await blob.arrayBuffer()))?.orientation).to.equal(6);
    expect(await contains(blob, 'ns.adobe.com')).to.equal(false);
  });
});

/** The fixture, with another size in its frame header. */
async function huge(name: string): Promise<Blob> {
  const bytes = new Uint8Array(await (await fixture(name)).arrayBuffer());
  const frame = bytes.findIndex(
    (byte, at) => byte === 0xff && bytes[at + 1] === 0xc0 && bytes[at + 2] === 0 && bytes[at + 3] === 17,
  );
  new DataView(bytes.buffer).setUint16(frame + 5, 12_000);
  new DataView(bytes.buffer).setUint16(frame + 7, 9_000);
  return new Blob([bytes], { type: 'image/jpeg' });
}

function extremesOf(pixels: Uint8ClampedArray): readonly [number, number] {
  const shades = pixels.filter((_, index) => index % 4 !== 3);
  return [Math.min(...shades), Math.max(...shades)];
}
