// The grammar of sizes, and how sizes read.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatSize, parseSize } from '../../server/rules/sizes.js';

describe('parseSize', () => {
  const good: readonly [string, number][] = [
    ['500000', 500_000],
    ['0', 0],
    ['1B', 1],
    ['10MB', 10_000_000],
    ['10 mb', 10_000_000],
    ['1.5GiB', 1_610_612_736],
    ['16MiB', 16_777_216],
    ['50GB', 50_000_000_000],
  ];
  for (const [text, bytes] of good) {
    it(`reads ${text}`, () => {
      assert.equal(parseSize(text), bytes);
    });
  }

  for (const text of [
    '',
    '-1',
    '1e30',
    '.5GB',
    '10 G',
    '10  MB',
    'Infinity',
    'NaN',
    '10MBB',
    '9007199254740993',
    '1,5MB',
    '0x10',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseSize(text), undefined);
    });
  }
});

describe('formatSize', () => {
  const cases: readonly [number, string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [812_345, '812 kB'],
    [999_600, '1 MB'],
    [2_149_999, '2.1 MB'],
    [10_000_000, '10 MB'],
    [1_500_000_000, '1.5 GB'],
  ];
  for (const [bytes, text] of cases) {
    it(`writes ${bytes} as ${text}`, () => {
      assert.equal(formatSize(bytes, 'en'), text);
    });
  }
});
