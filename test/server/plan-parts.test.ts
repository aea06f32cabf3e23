// The part plan: exact, within S3's rules, and the same every time, from nothing up to 5 TiB.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, constantFrom, integer, maxSafeInteger, oneof, option, property } from 'fast-check';
import {
  MAX_OBJECT_BYTES,
  MAX_PART_BYTES,
  MAX_PARTS,
  MIN_PART_BYTES,
  planParts,
  sizeOfPart,
} from '../../server/plan-parts.js';

const MIB = 2 ** 20;
const around = (...bytes: readonly number[]) =>
  bytes.flatMap((each) => [each - 1, each, each + 1]).filter((each) => each >= 0 && each <= MAX_OBJECT_BYTES);

const boundaries = around(
  0,
  1,
  MIN_PART_BYTES,
  16 * MIB,
  32 * MIB,
  5e9,
  5 * 2 ** 30,
  MAX_PARTS * MIN_PART_BYTES,
  MAX_PARTS * 16 * MIB,
  MAX_PARTS * 17 * MIB,
  2 ** 40,
  4.995 * 2 ** 40,
  MAX_OBJECT_BYTES,
).map(Math.floor);
const sizes = oneof(constantFrom(...boundaries), integer({ min: 0, max: MAX_OBJECT_BYTES }));
const hints = option(oneof(constantFrom(1, ...around(5 * MIB, 5 * 2 ** 30)), maxSafeInteger()), {
  nil: undefined,
});
const maxima = constantFrom(undefined, 5e9, Math.floor(4.995 * 2 ** 30), MAX_PART_BYTES);

describe('a part plan', () => {
  it('covers the file exactly, within the rules of S3, whatever is wished for', () => {
    check(
      property(sizes, hints, maxima, (size, hintBytes, maxPartBytes) => {
        const wishes = {
          ...(hintBytes === undefined ? {} : { hintBytes }),
          ...(maxPartBytes === undefined ? {} : { maxPartBytes }),
        };

        const { partSize, partCount } = planParts(size, wishes);

        const last = sizeOfPart(partCount, size, partSize);
        assert.equal((partCount - 1) * partSize + last, size);
        assert.ok(partCount >= 1 && partCount <= MAX_PARTS);
        assert.ok(partSize >= MIN_PART_BYTES && partSize <= (maxPartBytes ?? MAX_PART_BYTES));
        assert.equal(partSize % MIB, 0);
        assert.ok(last <= partSize && last >= Math.min(1, size));
        if (partCount > 1) assert.equal(sizeOfPart(1, size, partSize), partSize);
        assert.deepEqual(planParts(size, wishes), { partSize, partCount });
      }),
      { numRuns: 2000 },
    );
  });

  it('has parts of 16 MiB until ten thousand of them are too few', () => {
    assert.deepEqual(planParts(6 * 2 ** 30), { partSize: 16 * MIB, partCount: 384 });
    assert.deepEqual(planParts(MAX_PARTS * 16 * MIB), { partSize: 16 * MIB, partCount: MAX_PARTS });
    assert.deepEqual(planParts(MAX_PARTS * 16 * MIB + 1), { partSize: 17 * MIB, partCount: 9412 });
    assert.deepEqual(planParts(MAX_OBJECT_BYTES), { partSize: 525 * MIB, partCount: 9987 });
  });

  it('follows a wish as far as the rules allow', () => {
    assert.equal(planParts(2 ** 30, { hintBytes: 64 * MIB }).partSize, 64 * MIB);
    assert.equal(planParts(2 ** 30, { hintBytes: 64 * MIB + 1 }).partSize, 65 * MIB);
    assert.equal(planParts(2 ** 30, { hintBytes: 1 }).partSize, 5 * MIB);
    assert.equal(planParts(2 ** 30, { hintBytes: Number.MAX_SAFE_INTEGER }).partSize, 5120 * MIB);
    assert.equal(planParts(MAX_OBJECT_BYTES, { hintBytes: 5 * MIB }).partSize, 525 * MIB);
    assert.equal(planParts(2 ** 30, { hintBytes: 5 * 2 ** 30, maxPartBytes: 5e9 }).partSize, 4768 * MIB);
  });

  it('does not exist above 5 TiB', () => {
    assert.throws(() => planParts(MAX_OBJECT_BYTES + 1), RangeError);
  });
});
