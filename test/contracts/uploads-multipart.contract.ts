// The whole way of an upload in parts, signer to bucket and back; the same on every store.
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { verifyReceipt } from '../../server/receipt.js';
import { quickSleep } from '../support/quick-sleep.js';
import { createTestBucket, sha256Of, type TestBucket, type TestStore } from '../support/test-bucket.js';
import { testSigner, type TestSigner } from '../support/test-signer.js';
import {
  abort,
  complete,
  createMultipart,
  md5Of,
  PART_BYTES,
  partOf,
  send,
  sendParts,
  signError,
  signParts,
  statusOf,
} from './multipart-steps.js';

const DAY_MS = 24 * 3600 * 1000;
const BODY = new Uint8Array(randomBytes(2 * PART_BYTES + 1000));
const ALL = [1, 2, 3];

/** Runs the suite on a store. */
export function multipartUploadsContract(name: string, openStore: () => Promise<TestStore>): void {
  describe(`uploads in parts on ${name}`, () => {
    let store: TestStore;
    let bucket: TestBucket;
    let signer: TestSigner;
    let days = 0;
    const newSigner = (integrity = true): TestSigner =>
      testSigner(
        { storage: bucket.settings, prefix: 'site/', multipartThresholdBytes: PART_BYTES, integrity },
        { now: () => new Date(Date.now() + days * DAY_MS), sleep: quickSleep },
      );
    const openUploads = async () =>
      (await bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.settings.bucket })))
        .Uploads ?? [];
    /** What a lifecycle rule does, or somebody else with a key. */
    const abortBehindTheBack = async () => {
      for (const { Key, UploadId } of await openUploads()) {
        const upload = { Bucket: bucket.settings.bucket, Key, UploadId };
        await bucket.client.send(new AbortMultipartUploadCommand(upload));
      }
    };

    before(async () => {
      store = await openStore();
      bucket = await createTestBucket(store);
      signer = newSigner();
    });
    after(async () => {
      bucket.close();
      await store.close();
    });

    it('stores parts that came out of order as one file and proves it with a receipt', async () => {
      const upload = await createMultipart(signer, BODY, { name: 'Ferien „Süd“.mp4' });
      await sendParts(signer, upload, { body: BODY, numbers: [3, 1, 2] });

      const { file } = await complete(signer, upload);

      assert.ok(file);
      assert.deepEqual([upload.partSize, upload.partCount, upload.parts], [PART_BYTES, 3, []]);
      assert.equal(await bucket.sha256(file.key), sha256Of(BODY));
      const { site } = signer;
      const claims = await verifyReceipt(file.receipt, site.receiptSecrets[0], { site: site.key });
      assert.deepEqual(
        [claims.sub, claims.key, claims.size, claims.type, claims.name, claims.etag],
        [upload.id, file.key, BODY.length, 'video/mp4', 'Ferien „Süd“.mp4', file.etag],
      );
      assert.deepEqual(await openUploads(), []);
    });

    it('is found again by another process, when the answer of the first was lost', async () => {
      const file = { nonce: randomBytes(16).toString('base64url') };
      const lost = await createMultipart(signer, BODY, file);

      const upload = await createMultipart(newSigner(), BODY, { ...file, repeated: true });
      const open = await openUploads();
      await sendParts(signer, upload, { body: BODY, numbers: ALL });
      const { file: stored } = await complete(signer, upload);

      assert.equal(upload.id, lost.id);
      assert.equal(open.length, 1);
      assert.equal(stored?.id, lost.id);
    });

    it('gives the first parts along where the site wants no MD5', async () => {
      const plain = newSigner(false);
      const upload = await createMultipart(plain, BODY);
      for (const { partNumber, request } of upload.parts) {
        assert.deepEqual(request.headers, {});
        assert.equal((await send(request, partOf(BODY, partNumber))).status, 200);
      }

      const { file } = await complete(plain, upload);

      assert.deepEqual(
        upload.parts.map(({ partNumber }) => partNumber),
        ALL,
      );
      assert.equal(await bucket.sha256(file?.key ?? ''), sha256Of(BODY));
    });

    it('refuses a part with a flipped byte, and takes it when it is sent again', async () => {
      const upload = await createMultipart(signer, BODY);
      const last = partOf(BODY, 3);
      const [part] = await signParts(signer, upload, [{ partNumber: 3, md5: md5Of(last) }]);
      assert.ok(part);
      const flipped = Uint8Array.from(last);
      flipped[500] = (flipped[500] ?? 0) ^ 1;

      const [bad, good] = [await send(part.request, flipped), await send(part.request, last)];

      assert.deepEqual([bad.status, good.status], [400, 200]);
      assert.match(await bad.text(), /<Code>BadDigest<\/Code>/);
      assert.deepEqual((await statusOf(signer, upload)).parts, [{ partNumber: 3, size: 1000 }]);
    });

    it('refuses a part of another size than planned', async () => {
      const upload = await createMultipart(signer, BODY);
      const [part] = await signParts(signer, upload, [{ partNumber: 3 }]);
      assert.ok(part);

      const answers = [
        await send(part.request, partOf(BODY, 3).subarray(1)),
        await send(part.request, BODY.slice(0, 1001)),
      ];

      assert.deepEqual(
        answers.map(({ status }) => status),
        [403, 403],
      );
    });

    it('tells what storage holds, and names the parts that it lacks', async () => {
      const upload = await createMultipart(signer, BODY);
      const states = [await statusOf(signer, upload)];
      await sendParts(signer, upload, { body: BODY, numbers: [3, 1] });
      states.push(await statusOf(signer, upload));

      const { status, error } = await complete(signer, upload);

      assert.deepEqual([status, error?.code, error?.retryable], [409, 'parts-missing', true]);
      assert.deepEqual(error?.missing, [2]);
      await sendParts(signer, upload, { body: BODY, numbers: [2] });
      assert.ok((await complete(signer, upload)).file);
      states.push(await statusOf(signer, upload));
      const stored = [
        { partNumber: 1, size: PART_BYTES },
        { partNumber: 3, size: 1000 },
      ];
      assert.deepEqual(
        states.map(({ state, parts }) => [state, parts]),
        [
          ['pending', []],
          ['partial', stored],
          ['stored', []],
        ],
      );
    });

    it('answers a hundred completes at once, and one later, with the same bytes', async () => {
      const upload = await createMultipart(signer, BODY);
      await sendParts(signer, upload, { body: BODY, numbers: ALL });
      // As behind a load balancer: two processes that know nothing of each other.
      const rival = newSigner();

      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => complete(index % 2 ? signer : rival, upload)),
      );
      answers.push(await complete(newSigner(), upload));

      assert.equal(answers[0]?.file?.id, upload.id);
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
      assert.equal(await bucket.versions(answers[0]?.file?.key ?? ''), 1);
    });

    it('gives an upload up for good', async () => {
      const upload = await createMultipart(signer, BODY);
      await sendParts(signer, upload, { body: BODY, numbers: [3] });

      const codes = [await abort(signer, upload), await abort(signer, upload)];

      assert.deepEqual(codes, [undefined, undefined]);
      assert.equal((await complete(signer, upload)).error?.code, 'upload-gone');
      assert.deepEqual(
        (await openUploads()).filter(({ Key }) => Key?.includes(upload.id)),
        [],
      );
    });

    it('keeps a stored file, whoever wants it aborted or signed again', async () => {
      const upload = await createMultipart(signer, BODY);
      await sendParts(signer, upload, { body: BODY, numbers: ALL });
      const { text, file } = await complete(signer, upload);

      const codes = [await abort(signer, upload), (await signError(signer, upload))?.code];

      assert.deepEqual(codes, ['conflict', 'conflict']);
      assert.equal((await complete(signer, upload)).text, text);
      assert.equal(await bucket.sha256(file?.key ?? ''), sha256Of(BODY));
    });

    it('has one winner when complete and abort race, and both say what the bucket holds', async () => {
      for (let round = 0; round < 4; round += 1) {
        const upload = await createMultipart(signer, BODY);
        await sendParts(signer, upload, { body: BODY, numbers: ALL });
        const rival = newSigner();

        const [completed, aborted] = await Promise.all([
          complete(signer, upload),
          abort(round % 2 ? rival : signer, upload),
        ]);

        const stored = (await bucket.keys('site/')).some((key) => key.includes(upload.id));
        assert.deepEqual(
          [completed.error?.code, aborted],
          stored ? [undefined, 'conflict'] : ['upload-gone', undefined],
        );
      }
    });

    it('says that an upload is gone when storage has ended it by itself', async () => {
      const upload = await createMultipart(signer, BODY);
      await sendParts(signer, upload, { body: BODY, numbers: [1] });
      await abortBehindTheBack();

      const error = await signError(signer, upload);

      assert.deepEqual([error?.code, error?.status, error?.retryable], ['upload-gone', 410, false]);
      assert.equal((await statusOf(signer, upload)).state, 'gone');
      assert.equal((await complete(signer, upload)).error?.code, 'upload-gone');
      assert.equal(await abort(signer, upload), undefined);
    });

    it('goes on where it was when the signer was started again', async () => {
      const upload = await createMultipart(signer, BODY);
      await sendParts(signer, upload, { body: BODY, numbers: [2] });
      const restarted = newSigner();

      const { parts } = await statusOf(restarted, upload);
      await sendParts(restarted, upload, { body: BODY, numbers: [1, 3] });

      assert.deepEqual(parts, [{ partNumber: 2, size: PART_BYTES }]);
      assert.equal(await bucket.sha256((await complete(restarted, upload)).file?.key ?? ''), sha256Of(BODY));
    });

    it('takes no ticket that is older than seven days', async () => {
      const upload = await createMultipart(signer, BODY);
      days = 7;

      const codes = [(await signError(signer, upload))?.code, await abort(signer, upload)];
      days = 0;

      assert.deepEqual(codes, ['ticket-expired', 'ticket-expired']);
      assert.equal(await abort(signer, upload), undefined);
    });
  });
}
