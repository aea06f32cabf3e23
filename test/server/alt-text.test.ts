// Descriptions of images: in the object's metadata while they fit, else in the ticket alone.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create, only } from '../support/create-uploads.js';
import { photo, testSigner } from '../support/test-signer.js';

describe('a description', () => {
  it('is signed into the metadata, percent-encoded', async () => {
    const altText = 'Zwei Boote, “Möwe” & 海 🛶';

    const { request } = only(await create(testSigner(), [photo({ altText })]));

    assert.equal(request.headers['x-amz-meta-alt'], encodeURIComponent(altText));
    assert.match(new URL(request.url).searchParams.get('X-Amz-SignedHeaders') ?? '', /x-amz-meta-alt/);
  });

  it('stays out of the metadata when all of it would exceed 1 500 bytes', async () => {
    const fits = only(await create(testSigner(), [photo({ altText: '海'.repeat(150) })]));
    const long = only(await create(testSigner(), [photo({ altText: '海'.repeat(170) })]));
    const named = only(
      await create(testSigner(), [photo({ name: `${'ö'.repeat(150)}.jpg`, altText: '海'.repeat(70) })]),
    );

    assert.ok(fits.request.headers['x-amz-meta-alt']);
    for (const { request } of [long, named])
      assert.deepEqual(Object.keys(request.headers).toSorted(), ['content-type', 'x-amz-meta-name']);
    const bytes = Object.entries(fits.request.headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .flat()
      .join('').length;
    assert.ok(bytes <= 1500, String(bytes));
  });

  it('that is empty leaves nothing behind', async () => {
    const { request } = only(await create(testSigner(), [photo({ altText: '' })]));

    assert.equal('x-amz-meta-alt' in request.headers, false);
  });

  it('of a thousand letters of a page fits into its ticket', async () => {
    const words = 'A small harbour in the evening, with two boats and a dog on the pier. ';

    const { ticket } = only(
      await create(testSigner(), [photo({ altText: words.repeat(20).slice(0, 1000) })]),
    );

    assert.ok(ticket.length <= 2048);
  });

  for (const [title, altText] of [
    ['more than a thousand letters', 'x'.repeat(1001)],
    ['a line break', 'a\nb'],
    ['a control character', 'a\u0007b'],
    ['half a character', 'a\ud83d'],
    ['no text', 7],
  ] as const) {
    it(`is refused with ${title}`, async () => {
      const signer = testSigner();

      const response = await signer.post('/v1/uploads', {
        siteKey: signer.site.key,
        files: [photo({ altText })],
      });

      const problem = (await response.json()) as { code: string; field: string };
      assert.deepEqual(
        [response.status, problem.code, problem.field],
        [400, 'invalid-request', 'files[0].altText'],
      );
    });
  }
});
