// Which rule fires on which request.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultRule } from './actions.js';
import { RuleBook, type RequestFacts } from './rule-book.js';

const PART: RequestFacts = {
  from: 'browser',
  method: 'PUT',
  preflightFor: undefined,
  url: '/bucket/key?partNumber=2&uploadId=u',
  partNumber: 2,
  bodyBytes: 1000,
};
const action = { status: 500 };

/** Which of so many equal requests a rule fires on, counted from 1. */
function firings(rule: Partial<FaultRule>, count: number, seed = 1): readonly number[] {
  const book = new RuleBook(seed);
  book.add({ action, ...rule });
  const tries = Array.from({ length: count }, (_, index) => index + 1);
  return tries.filter(() => book.fire(PART) !== undefined);
}

describe('RuleBook', () => {
  for (const [title, rule, fires] of [
    ['the side', { from: 'signer' }, false],
    ['the method', { method: 'GET' }, false],
    ['the path', { path: /other/ }, false],
    ['path and query', { path: /key\?.*uploadId=u/g }, true],
    ['the part', { partNumber: 3 }, false],
    ['a body that is too small', { minBodyBytes: 1001 }, false],
    ['a body that is large enough', { minBodyBytes: 1000 }, true],
    ['all of them', { from: 'browser', method: 'PUT', path: /^\/bucket/, partNumber: 2 }, true],
  ] as const) {
    it(`looks at ${title}`, () => {
      assert.equal(firings(rule, 1).length === 1, fires);
    });
  }

  it('fires on the nth match', () => {
    assert.deepEqual(firings({ nth: 2 }, 4), [2]);
    assert.deepEqual(firings({ nth: [1, 3] }, 4), [1, 3]);
  });

  it('fires at most so often', () => {
    assert.deepEqual(firings({ times: 2 }, 4), [1, 2]);
  });

  it('repeats by its seed what chance decides', () => {
    const first = firings({ probability: 0.3 }, 200, 42);

    assert.deepEqual(firings({ probability: 0.3 }, 200, 42), first);
    assert.notDeepEqual(firings({ probability: 0.3 }, 200, 43), first);
    assert.ok(first.length > 40 && first.length < 80, `${first.length} of 200`);
  });

  it('lets the first rule that fires win, and counts for each', () => {
    const book = new RuleBook(1);
    const once = book.add({ name: 'once', times: 1, action });
    const rest = book.add({ name: 'rest', action });

    const names = [book.fire(PART), book.fire(PART)].map((fired) => fired?.name);
    rest.remove();

    assert.deepEqual(names, ['once', 'rest']);
    assert.deepEqual([once.hits, once.matches, rest.hits, rest.matches], [1, 2, 1, 1]);
    assert.equal(book.fire(PART), undefined);
  });
});
