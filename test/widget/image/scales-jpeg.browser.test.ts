// Decoders that leave out what is not needed, and those that only say so.
import { expect } from '@open-wc/testing';
import { scalesJpeg } from '../../../widget/image/decode/scales-jpeg.js';

/** The module as if it were loaded for the first time. */
async function scalesAnew(address: string): Promise<boolean> {
  const fresh = (await import(address)) as { readonly scalesJpeg: typeof scalesJpeg };
  return fresh.scalesJpeg();
}

describe('a JPEG decoder', () => {
  const Decoder = ImageDecoder;
  afterEach(() => {
    globalThis.ImageDecoder = Decoder;
  });

  it('that scales is known', async () => {
    expect(await scalesJpeg()).to.equal(true);
  });

  it('that takes no notice of the size asked for is found out, and so is one that is missing', async () => {
    globalThis.ImageDecoder = class extends Decoder {
      constructor({ type, data }: ImageDecoderInit) {
        super({ type, data });
      }
    };
    expect(await scalesAnew('/widget/image/decode/scales-jpeg.ts?whole')).to.equal(false);

    Reflect.deleteProperty(globalThis, 'ImageDecoder');
    expect(await scalesAnew('/widget/image/decode/scales-jpeg.ts?none')).to.equal(false);
  });
});
