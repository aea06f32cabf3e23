// HEIC to pixels in a browser: the decoder comes from its own file, with the first image.
import { expect } from '@open-wc/testing';
import { decodeHeic } from '../../../../widget/image/heic/decode-heic.js';
import { fixture } from '../support.js';

describe('decodeHeic in a browser', () => {
  it('loads the decoder when it is needed, once', async () => {
    const photo = await fixture('small.heif', 'image/heic');

    const [{ width, height, data }] = await Promise.all([decodeHeic(photo), decodeHeic(photo)]);

    expect([width, height]).to.deep.equal([640, 426]);
    expect(new Set(data).size).to.be.above(200);
    const loaded = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('libheif-bundle'));
    expect(loaded).to.have.length(1);
  });

  it('does not wait for the decoder once nobody wants the image', async () => {
    const photo = await fixture('small.heif', 'image/heic');
    const controller = new AbortController();
    const decoding = decodeHeic(photo, controller.signal).catch((error: unknown) => error);
    const reason = new Error('changed my mind');

    controller.abort(reason);

    expect(await decoding).to.equal(reason);
  });
});
