// The store in IndexedDB keeps the contract, and is quiet when storage fails.
import { expect } from '@open-wc/testing';
import { deleteDB, openDB } from 'idb';
import { createIndexedDbStore } from '../../../../widget/engine/resume/indexed-db-store.js';
import type { ResumeStore } from '../../../../widget/engine/resume/resume-store.js';
import { contracts, record, SITE } from './resume-store.contract.js';

let databases = 0;
const newName = () => `resume-store-test-${(databases += 1)}`;
const newStore = (name = newName()) => createIndexedDbStore({ name });
const equal = (actual: unknown, expected: unknown) => void expect(actual).to.deep.equal(expected);
const idsOf = async (store: ResumeStore) => (await store.list(SITE)).map(({ id }) => id);

type Method = (...args: readonly unknown[]) => unknown;

/** Puts a method in the place of another for the rest of the test; `next` is the original, on the same object. */
const restores: (() => void)[] = [];
function replace(
  target: object,
  key: string,
  method: (next: Method, args: readonly unknown[]) => unknown,
): void {
  const original = Reflect.get(target, key) as Method;
  restores.push(() => Reflect.set(target, key, original));
  Reflect.set(target, key, function (this: unknown, ...args: readonly unknown[]) {
    return method((...others) => original.apply(this, [...others]), args);
  });
}

afterEach(() => {
  for (const restore of restores.splice(0)) restore();
});
after(async () => {
  for (let number = 1; number <= databases; number += 1) await deleteDB(`resume-store-test-${number}`);
});

describe('the resume store in IndexedDB', () => {
  for (const { title, run } of contracts) it(title, () => run(newStore(), equal));

  it('remembers across reloads', async () => {
    const name = newName();
    await newStore(name).save(record('a', { hasBytes: true }), new Blob(['pixels']));

    const reloaded = newStore(name);

    equal(await idsOf(reloaded), ['a']);
    equal(await (await reloaded.bytesOf('a'))?.text(), 'pixels');
  });

  it('keeps a file handle, and the record alone when the handle cannot be kept', async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('a.txt', { create: true });
    const unkept = { getFile: () => undefined } as unknown as FileSystemFileHandle;
    const store = newStore();

    await Promise.all([
      store.save(record('a', { handle })),
      store.save(record('b', { handle: unkept })),
      store.save(record('c')),
    ]);

    const records = await store.list(SITE);
    equal(records.map(({ id }) => id).sort(), ['a', 'b', 'c']);
    equal(await records.find(({ id }) => id === 'a')?.handle?.isSameEntry(handle), true);
    equal(records.find(({ id }) => id === 'b')?.handle, undefined);
  });

  it('lists what was saved by itself as others read it, and what others saved or deleted', async () => {
    const name = newName();
    const [store, other] = [newStore(name), newStore(name)];
    const put = { plan: { strategy: 'put' } } as const;
    await Promise.all(['a', 'b', 'd'].map((id) => store.save(record(id, put))));
    await other.save(record('c', put));
    await other.delete(['b']);

    const listed = await store.list(SITE);

    equal(
      listed.map(({ id }) => id),
      ['a', 'c', 'd'],
    );
    equal(listed, await newStore(name).list(SITE));
  });

  it('starts anew where an unreleased version left its own keys', async () => {
    const name = newName();
    const first = await openDB(name, 1, {
      upgrade: (database) => void database.createObjectStore('records', { autoIncrement: true }),
    });
    await first.put('records', record('old'));
    first.close();
    const store = newStore(name);

    equal(await idsOf(store), []);
    await store.save(record('new'));
    equal(await idsOf(store), ['new']);
  });

  it('shares a transaction among the writes of a moment', async () => {
    let transactions = 0;
    replace(IDBDatabase.prototype, 'transaction', (next, args) => {
      transactions += 1;
      return next(...args);
    });
    const store = newStore();
    const ids = Array.from({ length: 500 }, (_, index) => `upload-${index}`);

    await Promise.all(ids.map((id) => store.save(record(id))));
    await Promise.all(ids.map((id) => store.delete([id])));

    expect(transactions).to.be.at.most(4);
    equal(await idsOf(store), []);
  });
});

describe('storage that fails', () => {
  const failures = {
    throws: () => {
      throw new DOMException('Not here.', 'SecurityError');
    },
    'has an error': () => {
      const request = indexedDB.deleteDatabase('resume-store-test-none');
      const broken = Object.create(IDBOpenDBRequest.prototype) as IDBOpenDBRequest;
      const target = new EventTarget();
      Object.assign(broken, {
        addEventListener: target.addEventListener.bind(target),
        removeEventListener: target.removeEventListener.bind(target),
      });
      Object.defineProperty(broken, 'error', { value: new DOMException('Broken.', 'UnknownError') });
      request.addEventListener('success', () => target.dispatchEvent(new Event('error')));
      return broken;
    },
    'never answers': () => {
      const silent = Object.create(IDBOpenDBRequest.prototype) as IDBOpenDBRequest;
      return Object.assign(silent, { addEventListener: () => {}, removeEventListener: () => {} });
    },
  };
  for (const [title, open] of Object.entries(failures)) {
    it(`is as if it were empty when it ${title}`, async () => {
      replace(IDBFactory.prototype, 'open', open);
      const store = createIndexedDbStore({ name: newName(), timeoutMs: 20 });

      await store.save(record('a', { hasBytes: true }), new Blob(['a']));
      await store.saveDigest('a', 1, 'one');
      await store.delete(['b']);

      equal(await store.list(SITE), []);
      equal(await store.bytesOf('a'), undefined);
      equal(await store.digestsOf('a'), new Map());
    });
  }

  it('lets a caller wait once only, and is used again when it answers after all', async () => {
    const storage = new AbortController();
    const awake = new Promise((resolve) => storage.signal.addEventListener('abort', resolve));
    let opens = 0;
    replace(IDBFactory.prototype, 'open', (next, args) => {
      opens += 1;
      const request = next(...args) as IDBOpenDBRequest;
      const listen = request.addEventListener.bind(request);
      request.addEventListener = (type: string, listener: EventListener) =>
        listen(type, type === 'success' ? (event) => void awake.then(() => listener(event)) : listener);
      return request;
    });
    const store = createIndexedDbStore({ name: newName(), timeoutMs: 100 });

    await store.save(record('a'));
    const startedAt = performance.now();
    for (let call = 0; call < 20; call += 1) await store.list(SITE);
    const waitedMs = performance.now() - startedAt;
    storage.abort();
    while ((await idsOf(store)).length === 0) await new Promise((resolve) => setTimeout(resolve));

    expect(waitedMs).to.be.below(1_000);
    equal(await idsOf(store), ['a']);
    equal(opens, 1);
  });

  const refusals = {
    'at once': () => {
      throw new DOMException('No room.', 'QuotaExceededError');
    },
    later: (put: () => unknown) => {
      const request = put() as IDBRequest;
      request.transaction?.abort();
      return request;
    },
  };
  for (const [title, refuse] of Object.entries(refusals)) {
    it(`loses only the record for which there is no room, when told ${title}`, async () => {
      replace(IDBObjectStore.prototype, 'put', (next, args) => {
        const [value] = args;
        const isLarge = value instanceof ArrayBuffer && value.byteLength === 5;
        return isLarge ? refuse(() => next(...args)) : next(...args);
      });
      const store = newStore();

      await Promise.all([
        store.save(record('a', { hasBytes: true }), new Blob(['fits'])),
        store.save(record('b', { hasBytes: true }), new Blob(['large'])),
        store.save(record('c', { hasBytes: true }), new Blob(['too'])),
      ]);

      equal((await idsOf(store)).sort(), ['a', 'c']);
      equal(await (await store.bytesOf('c'))?.text(), 'too');
    });
  }

  it('goes on when its database is deleted', async () => {
    const name = newName();
    const store = newStore(name);
    await store.save(record('a'));

    await deleteDB(name);
    const afterwards = await idsOf(store);
    await store.save(record('b'));

    equal(afterwards, []);
    equal(await idsOf(store), ['b']);
  });

  it('makes room for a newer version of itself, and remembers nothing beside it', async () => {
    const name = newName();
    const store = newStore(name);
    await store.save(record('a'));

    const newer = await openDB(name, 3);
    await store.save(record('b'));
    const listed = await store.list(SITE);
    newer.close();

    equal(listed, []);
  });

  it('loses bytes that cannot be read, not the record', async () => {
    const bytes = new Blob(['a']);
    bytes.arrayBuffer = () => Promise.reject(new DOMException('Gone.', 'NotReadableError'));
    const store = newStore();

    await store.save(record('a', { hasBytes: true }), bytes);

    equal(
      (await store.list(SITE)).map(({ id, hasBytes }) => [id, hasBytes]),
      [['a', false]],
    );
  });
});
