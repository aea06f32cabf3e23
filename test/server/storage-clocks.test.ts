// The clocks of stores: which one signs, and for how long an answer is believed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createStorageClocks } from '../../server/storage/storage-clocks.js';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

/** Our clock, which tests move, and two stores. */
function world() {
  const our = { ms: START_MS };
  const clocks = createStorageClocks(() => new Date(our.ms));
  return {
    our,
    clocks,
    one: clocks.of('https://one.example'),
    two: clocks.of('https://two.example'),
    httpDate,
  };
}

describe('the clock of a store', () => {
  it('is ours until an answer came, and while the two differ by little', () => {
    const { our, one, clocks } = world();
    const before = one.now().getTime();

    one.note(httpDate(START_MS + 3 * MINUTE_MS));

    assert.deepEqual([before, one.now().getTime()], [our.ms, our.ms]);
    assert.equal(clocks.areAgainstUs(), false);
  });

  it('counts where ours is off', () => {
    const { our, one, clocks } = world();

    one.note(httpDate(START_MS - 20 * MINUTE_MS));
    our.ms += 5 * MINUTE_MS;

    assert.equal(one.now().getTime(), START_MS - 15 * MINUTE_MS);
    assert.equal(clocks.areAgainstUs(), true);
  });

  for (const [title, jumpMs] of [
    ['ours was set back', -20 * MINUTE_MS],
    ['ours was set forward', 20 * MINUTE_MS],
    ['ten minutes went by', 11 * MINUTE_MS],
  ] as const) {
    it(`counts no more once ${title}`, () => {
      const { our, one, clocks } = world();
      one.note(httpDate(START_MS + jumpMs));

      our.ms += jumpMs;

      assert.equal(one.now().getTime(), our.ms);
      assert.equal(clocks.areAgainstUs(), false);
    });
  }

  it('is its own: where two disagree, ours need not be the wrong one', () => {
    const { our, one, two, clocks } = world();

    one.note(httpDate(START_MS + 20 * MINUTE_MS));
    two.note(httpDate(START_MS));

    assert.deepEqual([one.now().getTime(), two.now().getTime()], [our.ms + 20 * MINUTE_MS, our.ms]);
    assert.equal(clocks.areAgainstUs(), false);
  });

  it('is not set by an answer without a date', () => {
    const { our, one } = world();

    for (const date of [undefined, '', 'yesterday']) one.note(date);

    assert.equal(one.now().getTime(), our.ms);
  });
});

function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
