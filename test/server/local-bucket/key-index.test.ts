// The order of listings is the order of UTF-8 bytes, whatever JavaScript thinks of it.
import { array, assert as check, property, string } from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareKeys, KeyIndex } from '../../../server/local-bucket/disk/key-index.js';

const keys = array(string({ unit: 'binary', maxLength: 8 }));

describe('the key index', () => {
  it('orders keys by their bytes', () => {
    check(
      property(keys, (list) => {
        const byBytes = list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

        assert.deepEqual(list.toSorted(compareKeys), byBytes);
      }),
    );
  });

  it('stays in order through insertions and deletions', () => {
    check(
      property(keys, keys, (added, removed) => {
        const index = new KeyIndex<number>();
        for (const [position, key] of added.entries()) index.set(key, position);
        for (const key of removed) index.delete(key);

        const expected = [...new Set(added)].filter((key) => !removed.includes(key)).sort(compareKeys);
        assert.deepEqual(index.keys(), expected);
      }),
    );
  });

  it('holds 100 000 keys, takes more, and leaps over a prefix', () => {
    const index = new KeyIndex<number>();
    const names = Array.from({ length: 100_000 }, (_, number) => [`${number}/photo.jpg`, number] as const);
    index.load(names);
    for (let number = 0; number < 1000; number += 1) index.set(`new/${(number * 7) % 1000}`, number);

    const start = index.seek('5');

    // 5, 50 to 59, 500 to 599, and so on.
    assert.equal(index.seekPastPrefix('5', start) - start, 11_111);
    assert.equal(index.size, 101_000);
  });
});
