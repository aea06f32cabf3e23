// The store of this browser: IndexedDB, or memory where there is none.
import { createIndexedDbStore } from './indexed-db-store.js';
import { createMemoryStore } from './memory-store.js';
import type { ResumeStore } from './resume-store.js';

let store: ResumeStore | undefined;

/** One for the whole page. */
export function openResumeStore(): ResumeStore {
  store ??= 'indexedDB' in globalThis ? createIndexedDbStore() : createMemoryStore();
  return store;
}
