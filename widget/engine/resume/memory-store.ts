// Remembers unfinished uploads for as long as the page lives: for hosts without IndexedDB, and for tests.
import type { ResumeRecord } from './resume-record.js';
import { MAX_KEPT_BYTES, type ResumeStore } from './resume-store.js';

interface Kept {
  readonly record: ResumeRecord;
  readonly bytes: Blob | undefined;
  readonly digests: ReadonlyMap<number, string>;
}

export function createMemoryStore(): ResumeStore {
  const kept = new Map<string, Kept>();
  return {
    list: async ({ signer, siteKey }) =>
      [...kept.values()]
        .map(({ record }) => record)
        .filter((record) => record.signer === signer && record.siteKey === siteKey)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    save: async (record, given) => {
      const before = kept.get(record.id);
      const bytes = given ? keepable(given) : before?.bytes;
      const hasBytes = bytes !== undefined && (record.hasBytes || given !== undefined);
      kept.set(record.id, { record: { ...record, hasBytes }, bytes, digests: before?.digests ?? new Map() });
    },
    bytesOf: async (id) => kept.get(id)?.bytes,
    saveDigest: async (id, partNumber, digest) => {
      const found = kept.get(id);
      if (found) kept.set(id, { ...found, digests: new Map([...found.digests, [partNumber, digest]]) });
    },
    digestsOf: async (id) => kept.get(id)?.digests ?? new Map(),
    delete: async (ids) => {
      for (const id of ids) kept.delete(id);
    },
  };
}

function keepable(bytes: Blob): Blob | undefined {
  return bytes.size > MAX_KEPT_BYTES ? undefined : bytes.slice();
}
