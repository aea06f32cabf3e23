// The whole way of a single upload, signer to bucket and back; the same on every store.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { CompletedFile, ItemError, PutUpload } from '../../server/protocol.js';
import { verifyReceipt } from '../../server/receipt.js';
import { createTestBucket, sha256Of, type TestBucket, type TestStore } from '../support/test-bucket.js';
import { testSigner, type TestSigner } from '../support/test-signer.js';

/** Runs the suite on a store. */
export function uploadsContract(name: string, openStore: () => Promise<TestStore>): void {
  describe(`uploads on ${name}`, () => {
    let store: TestStore;
    let bucket: TestBucket;
    let signer: TestSigner;

    before(async () => {
      store = await openStore();
      bucket = await createTestBucket(store);
      signer = testSigner({ storage: bucket.settings, prefix: 'site/' });
    });
    after(async () => {
      bucket.close();
      await store.close();
    });

    const create = async (body: Uint8Array, overrides: Record<string, unknown> = {}): Promise<PutUpload> => {
      const file = { name: 'photo.jpg', type: 'image/jpeg', size: body.length, ...overrides };
      const response = await signer.post('/v1/uploads', { siteKey: signer.site.key, files: [file] });
      const { uploads } = (await response.json()) as { uploads: [PutUpload] };
      return uploads[0];
    };
    const complete = async (...uploads: PutUpload[]) => {
      const response = await signer.post('/v1/uploads/complete', {
        tickets: uploads.map(({ ticket }) => ticket),
      });
      return (await response.json()) as { code?: string; files: (CompletedFile & { error?: ItemError })[] };
    };
    const ask = async (route: string, { ticket }: PutUpload) => {
      const response = await signer.post(`/v1/uploads/${route}`, { tickets: [ticket] });
      return {
        status: response.status,
        ...((await response.json()) as { code?: string; results: { state?: string }[] }),
      };
    };

    it('stores the bytes as sent and proves them with a receipt', async () => {
      const body = randomBytes(70_000);
      const upload = await create(body, { name: 'Ferien „Süd“.jpg' });

      const stored = await put(upload, body);
      const { files } = await complete(upload);

      const [file] = files;
      assert.equal(stored.status, 200);
      assert.ok(file);
      assert.equal(await bucket.sha256(file.key), sha256Of(body));
      const claims = await verifyReceipt(file.receipt, signer.site.receiptSecrets[0], {
        site: signer.site.key,
      });
      assert.deepEqual(
        [claims.sub, claims.key, claims.size, claims.type, claims.name],
        [upload.id, file.key, body.length, 'image/jpeg', 'Ferien „Süd“.jpg'],
      );
    });

    it('tells of a description and of a rendition in answer and receipt, and the object of its description', async () => {
      const body = randomBytes(1000);
      const altText = 'Zwei Boote am Süßen See';
      const image = await create(body, { altText });
      const ofImage = { renditionOf: image.ticket, rendition: 'thumb' };
      const thumb = await create(body, { name: 'photo.webp', type: 'image/webp', ...ofImage });

      for (const upload of [image, thumb]) assert.equal((await put(upload, body)).status, 200);
      const { files } = await complete(image, thumb);

      const claims = await Promise.all(
        files.map(({ receipt }) =>
          verifyReceipt(receipt, signer.site.receiptSecrets[0], { site: signer.site.key }),
        ),
      );
      const [first, second] = files;
      assert.ok(first && second);
      assert.deepEqual(
        [first.altText, first.rendition, second.altText, second.rendition],
        [altText, undefined, undefined, 'thumb'],
      );
      assert.deepEqual(
        claims.map(({ sub, altText: text, rendition, renditionOf }) => [sub, text, rendition, renditionOf]),
        [
          [image.id, altText, undefined, undefined],
          [`${image.id}.thumb`, undefined, 'thumb', image.id],
        ],
      );
      assert.equal(second.key, first.key.replace('.jpg', '.thumb.webp'));
      assert.equal((await bucket.metadata(first.key)).alt, encodeURIComponent(altText));
    });

    it('stores an empty file', async () => {
      const upload = await create(new Uint8Array());

      await put(upload, new Uint8Array());
      const { files } = await complete(upload);

      assert.equal(files[0]?.size, 0);
    });

    for (const [title, change] of [
      ['one byte more', 1],
      ['one byte less', -1],
    ] as const) {
      it(`refuses ${title} than agreed`, async () => {
        const body = randomBytes(1000);
        const upload = await create(body);

        const answer = await put(upload, randomBytes(1000 + change));

        assert.equal(answer.status, 403);
        assert.equal((await complete(upload)).code, 'not-uploaded');
      });
    }

    it('refuses another type, and a body that is not the signed MD5', async () => {
      const body = randomBytes(1000);
      const typed = await create(body);
      const hashed = await create(body, { md5: Buffer.from(randomBytes(16)).toString('base64') });

      const answers = [await put(typed, body, { 'content-type': 'text/html' }), await put(hashed, body)];

      assert.deepEqual(
        answers.map(({ status }) => status),
        [403, 400],
      );
      assert.deepEqual(
        [(await complete(typed)).code, (await complete(hashed)).code],
        ['not-uploaded', 'not-uploaded'],
      );
    });

    it('gives no receipt for a file with headers that nobody agreed to', async () => {
      const body = randomBytes(1000);
      const packed = await create(body);
      const named = await create(body);

      await put(packed, body, { 'content-encoding': 'gzip' });
      await put(named, body, { 'content-disposition': 'inline; filename=x.html' });

      assert.deepEqual(
        [(await complete(packed)).code, (await complete(named)).code],
        ['type-mismatch', 'type-mismatch'],
      );
    });

    it('answers a hundred completes at once with the same bytes', async () => {
      const body = randomBytes(1000);
      const upload = await create(body);
      await put(upload, body);

      const answers = await Promise.all(Array.from({ length: 100 }, () => complete(upload)));

      assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
      assert.equal(answers[0]?.files[0]?.id, upload.id);
    });

    it('tells what is stored, signs again only what is not, and aborts likewise', async () => {
      const body = randomBytes(1000);
      const upload = await create(body);
      const states = [(await ask('status', upload)).results[0]?.state];
      const signed = await signer.post('/v1/uploads/sign', { requests: [{ ticket: upload.ticket }] });
      const fresh = (await signed.json()) as { results: [{ request: PutUpload['request'] }] };
      const aborted = await ask('abort', upload);

      await put({ ...upload, request: fresh.results[0].request }, body);

      states.push((await ask('status', upload)).results[0]?.state);
      const again = await signer.post('/v1/uploads/sign', { requests: [{ ticket: upload.ticket }] });
      assert.deepEqual(states, ['pending', 'stored']);
      assert.equal(aborted.status, 200);
      assert.equal(((await again.json()) as { code: string }).code, 'conflict');
      assert.equal((await ask('abort', upload)).code, 'conflict');
      assert.equal((await complete(upload)).files[0]?.id, upload.id);
    });

    it('opens a private file by its link, under its name, until the link ends', async () => {
      let now = new Date();
      const dated = testSigner({ storage: bucket.settings, prefix: 'site/' }, { now: () => now });
      const body = randomBytes(1000);
      const upload = await create(body, { name: 'Käse.jpg' });
      await put(upload, body);
      const { files } = await complete(upload);
      const path = new URL(files[0]?.url ?? '').pathname;

      const link = await dated.app.request(path);
      const file = await fetch(link.headers.get('location') ?? '');
      now = new Date(Date.now() + 8 * 24 * 3600 * 1000);
      const late = await dated.app.request(path);

      assert.equal(link.status, 302);
      assert.equal(sha256Of(new Uint8Array(await file.arrayBuffer())), sha256Of(body));
      assert.equal(
        file.headers.get('content-disposition'),
        `inline; filename="K_se.jpg"; filename*=UTF-8''K%C3%A4se.jpg`,
      );
      assert.equal(late.status, 404);
    });

    it('gives no file for a forged link, a receipt, or a key outside the prefix', async () => {
      const body = randomBytes(1000);
      const upload = await create(body);
      await put(upload, body);
      const { files } = await complete(upload);
      const file = files[0];
      assert.ok(file);
      const moved = testSigner({ storage: bucket.settings, prefix: 'elsewhere/' });
      const token = new URL(file.url).pathname;

      const answers = [
        await signer.app.request(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`),
        await signer.app.request(`/v1/files/${file.receipt}`),
        await moved.app.request(token),
      ];

      assert.deepEqual(
        answers.map(({ status }) => status),
        [404, 404, 404],
      );
    });

    it('never lets a second PUT replace what was proved', async () => {
      const body = randomBytes(1000);
      const upload = await create(body);
      await put(upload, body);
      const { files } = await complete(upload);

      await put(upload, randomBytes(1000));

      const link = await signer.app.request(new URL(files[0]?.url ?? '').pathname);
      const bytes = await (await fetch(link.headers.get('location') ?? '')).arrayBuffer();
      assert.equal(sha256Of(new Uint8Array(bytes)), sha256Of(body));
    });

    it('says which of many failed and keeps the rest', async () => {
      const body = randomBytes(1000);
      const [sent, unsent] = [await create(body), await create(body)];
      await put(sent, body);

      const { files } = await complete(unsent, sent);

      assert.deepEqual([files[0]?.error?.code, files[0]?.error?.id], ['not-uploaded', unsent.id]);
      assert.equal(files[1]?.id, sent.id);
    });
  });
}

function put(
  { request }: PutUpload,
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(request.url, { method: 'PUT', headers: { ...request.headers, ...headers }, body });
}
