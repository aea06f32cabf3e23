// What the owner of a site finds in the log when something fails, and what must never be there.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LogEntry } from '../../server/index.js';
import { createTestBucket, startTestStore, type TestBucket, type TestStore } from '../support/test-bucket.js';
import { photo, secretsOf, testSigner, type TestSigner } from '../support/test-signer.js';

/** A signer, what it logs, and every body that it answers with. */
function listen(storage: TestBucket['settings']) {
  const entries: LogEntry[] = [];
  const signer = testSigner({ storage }, { log: (entry) => entries.push(entry) });
  return { entries, signer };
}

async function upload({ post, site }: TestSigner): Promise<Record<string, unknown>> {
  const created = await post('/v1/uploads', {
    siteKey: site.key,
    files: [photo({ name: 'a private name.jpg' })],
  });
  const { uploads } = (await created.json()) as { uploads: [{ ticket: string }] };
  const completed = await post('/v1/uploads/complete', { tickets: [uploads[0].ticket] });
  return (await completed.json()) as Record<string, unknown>;
}

describe('the log', () => {
  let store: TestStore;
  let bucket: TestBucket;

  before(async () => {
    store = await startTestStore();
    bucket = await createTestBucket(store);
  });
  after(async () => {
    bucket.close();
    await store.close();
  });

  it('names the cause when storage refuses the key, and the answer keeps to plain words', async () => {
    const { entries, signer } = listen({ ...bucket.settings, applicationKey: 'not the right one' });

    const problem = await upload(signer);

    const [, entry] = entries;
    assert.deepEqual([problem['code'], entry?.status, entry?.level], ['storage-error', 502, 'error']);
    assert.match(entry?.detail ?? '', /403.*key/);
    assert.equal(typeof entry?.cause, 'string');
  });

  it('names the cause when storage cannot be reached', async () => {
    const { entries, signer } = listen({ ...bucket.settings, endpoint: 'http://127.0.0.1:1' });

    const problem = await upload(signer);

    assert.equal(problem['code'], 'storage-unavailable');
    assert.match(entries[1]?.cause ?? '', /ECONNREFUSED/);
  });

  it('never holds a secret, a signature, a ticket, a file link or a file name', async () => {
    const { entries, signer } = listen(bucket.settings);
    await upload(signer);
    await signer.get('/v1/files/eyJhbGciOiJkaXIi.a.b.c.d');
    await signer.get('/signed-request?name=a%20private%20name.jpg');
    await signer.post('/v1/uploads', '{"a private name"');

    const text = JSON.stringify(entries);

    assert.equal(entries.length, 5);
    for (const secret of secretsOf(signer.site)) assert.equal(text.includes(secret), false);
    assert.doesNotMatch(text, /X-Amz|eyJ|private name|http:/);
    assert.deepEqual(
      entries.map(({ route }) => route),
      ['/v1/uploads', '/v1/uploads/complete', '/v1/files/:fileToken', '/signed-request', '/v1/uploads'],
    );
  });
});
