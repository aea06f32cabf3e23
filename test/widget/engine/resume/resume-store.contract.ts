// What every resume store does; run on the one in memory in Node and on IndexedDB in a browser.
import type { ResumeRecord } from '../../../../widget/engine/resume/resume-record.js';
import type { ResumeStore } from '../../../../widget/engine/resume/resume-store.js';

export interface Contract {
  readonly title: string;
  readonly run: (store: ResumeStore, equal: (actual: unknown, expected: unknown) => void) => Promise<void>;
}

export const SITE = { signer: 'https://uploads.example.com', siteKey: 'pk_shop' } as const;

export function record(id: string, more: Partial<ResumeRecord> = {}): ResumeRecord {
  return {
    id,
    ...SITE,
    ticket: `ticket of ${id}`,
    plan: { strategy: 'multipart', partSize: 5_242_880, partCount: 3 },
    source: {
      name: 'a.mov',
      relativePath: 'b/a.mov',
      size: 12_000_000,
      type: 'video/quicktime',
      lastModified: 1,
    },
    fingerprint: 'fingerprint',
    prepared: { name: 'a.mov', type: 'video/quicktime', size: 12_000_000 },
    hasBytes: false,
    ...more,
  };
}

const idsOf = async (store: ResumeStore, site: typeof SITE | { signer: string; siteKey: string } = SITE) =>
  (await store.list(site)).map(({ id }) => id);
const textOf = async (store: ResumeStore, id: string) => (await store.bytesOf(id))?.text();

export const contracts: readonly Contract[] = [
  {
    title: 'remembers nothing at first',
    run: async (store, equal) => {
      equal(await store.list(SITE), []);
      equal(await store.bytesOf('a'), undefined);
      equal(await store.digestsOf('a'), new Map());
      await store.delete(['a']);
    },
  },
  {
    title: 'gives a record back as it was saved',
    run: async (store, equal) => {
      await store.save(record('a'));

      equal(await store.list(SITE), [record('a')]);
    },
  },
  {
    title: 'lists the oldest first, and leaves a record that is saved again in its place',
    run: async (store, equal) => {
      for (const id of ['a', 'b', 'c']) await store.save(record(id));
      await store.save(record('a', { ticket: 'newer' }));

      equal(await idsOf(store), ['a', 'b', 'c']);
      equal((await store.list(SITE))[0]?.ticket, 'newer');
    },
  },
  {
    title: 'lists the records of one site only',
    run: async (store, equal) => {
      const [signer, siteKey] = ['https://other.example.com', 'pk_blog'];
      await store.save(record('a'));
      await store.save(record('b', { siteKey }));
      await store.save(record('c', { signer }));

      equal(await idsOf(store), ['a']);
      equal(await idsOf(store, { ...SITE, siteKey }), ['b']);
      equal(await idsOf(store, { ...SITE, signer }), ['c']);
      equal(await idsOf(store, { signer, siteKey }), []);
    },
  },
  {
    title: 'keeps the bytes of an image made from the source, and says so',
    run: async (store, equal) => {
      await store.save(record('a', { hasBytes: true }), new Blob(['pixels'], { type: 'image/webp' }));
      await store.save(record('b', { hasBytes: true }));

      equal(
        (await store.list(SITE)).map(({ hasBytes }) => hasBytes),
        [true, false],
      );
      equal(await textOf(store, 'a'), 'pixels');
      equal(await textOf(store, 'b'), undefined);
    },
  },
  {
    title: 'keeps the bytes when the record is saved again without them, and takes newer ones',
    run: async (store, equal) => {
      await store.save(record('a', { hasBytes: true }), new Blob(['pixels']));
      await store.save(record('a', { hasBytes: true, ticket: 'newer' }));
      const kept = await textOf(store, 'a');
      await store.save(record('a', { hasBytes: true }), new Blob(['more pixels']));

      equal([kept, await textOf(store, 'a')], ['pixels', 'more pixels']);
      equal((await store.list(SITE))[0]?.hasBytes, true);
    },
  },
  {
    title: 'does not keep bytes of more than 64 MiB',
    run: async (store, equal) => {
      const large = new Blob(Array.from({ length: 65 }, () => new Uint8Array(1024 * 1024)));

      await store.save(record('a', { hasBytes: true }), large);

      equal((await store.list(SITE))[0]?.hasBytes, false);
      equal(await store.bytesOf('a'), undefined);
    },
  },
  {
    title: 'remembers digests by part, the last one said',
    run: async (store, equal) => {
      await store.save(record('a'));
      await store.save(record('ab'));
      await Promise.all([
        store.saveDigest('a', 10, 'ten'),
        store.saveDigest('a', 9, 'nine'),
        store.saveDigest('ab', 1, 'another'),
        store.saveDigest('a', 9, 'nine again'),
      ]);

      equal(Object.fromEntries(await store.digestsOf('a')), { 9: 'nine again', 10: 'ten' });
    },
  },
  {
    title: 'remembers no digests of what it does not know',
    run: async (store, equal) => {
      await store.saveDigest('a', 1, 'one');
      await store.save(record('a'));

      equal(await store.digestsOf('a'), new Map());
    },
  },
  {
    title: 'forgets records with all that belongs to them, and nothing else',
    run: async (store, equal) => {
      for (const id of ['a', 'b', 'c']) {
        await store.save(record(id, { hasBytes: true }), new Blob([id]));
        await store.saveDigest(id, 1, id);
      }

      await store.delete(['a', 'c', 'unknown']);
      await store.save(record('a', { hasBytes: true }));

      equal(await idsOf(store), ['a', 'b']);
      equal(await textOf(store, 'a'), undefined);
      equal(await store.digestsOf('a'), new Map());
      equal(await textOf(store, 'b'), 'b');
      equal(await store.digestsOf('b'), new Map([[1, 'b']]));
    },
  },
  {
    title: 'does what is asked in one moment in its order',
    run: async (store, equal) => {
      void store.save(record('a'));
      void store.save(record('b'));
      void store.saveDigest('a', 1, 'one');
      void store.delete(['a']);
      void store.saveDigest('b', 1, 'one');

      equal(await idsOf(store), ['b']);
      equal((await store.digestsOf('a')).size, 0);
      equal((await store.digestsOf('b')).size, 1);
    },
  },
];
