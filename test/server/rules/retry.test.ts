// The retry table: which answers pass, which need a new signature, which are the last word, and how long to wait.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, double, integer, property } from 'fast-check';
import { judgeAnswer, readRetryAfter, type Judgement } from '../../../server/rules/retry.js';
import { RETRY_BUDGET_MS, retryDelayMs } from '../../../server/rules/retry-delay.js';

describe('an answer', () => {
  const table: readonly [Judgement, number, string?][] = [
    ['retry', 0],
    ['retry', 408],
    ['retry', 425],
    ['retry', 429],
    ['retry', 500],
    ['retry', 502],
    ['retry', 503, 'SlowDown'],
    ['retry', 504],
    ['retry', 599],
    ['retry', 400, 'RequestTimeout'],
    ['retry', 400, 'BadDigest'],
    ['retry', 200, 'InternalError'],
    ['sign-again', 403],
    ['sign-again', 403, 'AccessDenied'],
    ['sign-again', 403, 'SignatureDoesNotMatch'],
    ['sign-again', 403, 'RequestTimeTooSkewed'],
    ['final', 501, 'NotImplemented'],
    ['final', 507, 'InsufficientStorage'],
    ['final', 307],
    ['final', 400],
    ['final', 400, 'EntityTooSmall'],
    ['final', 401],
    ['final', 404, 'NoSuchUpload'],
    ['final', 409],
    ['final', 410],
    ['final', 412, 'PreconditionFailed'],
    ['final', 413],
  ];
  for (const [judgement, status, code] of table) {
    it(`${status} ${code ?? ''} is ${judgement}`, () => {
      assert.equal(judgeAnswer(status, code), judgement);
    });
  }
});

describe('a Retry-After header', () => {
  for (const [header, seconds] of [
    ['7', 7],
    ['0', undefined],
    ['-5', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    ['Fri, 31 Dec 1999 23:59:59 GMT', undefined],
  ] as const) {
    it(`of ${String(header)} asks for ${String(seconds)} seconds`, () => {
      assert.equal(readRetryAfter(header), seconds);
    });
  }
});

describe('a retry', () => {
  const attempts = integer({ min: 1, max: 2000 });
  const chance = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('waits between half a second and the doubled cap, never over 30 seconds', () => {
    check(
      property(attempts, chance, (attempt, value) => {
        const delayMs = retryDelayMs(attempt, { random: () => value });

        assert.ok(Number.isInteger(delayMs));
        assert.ok(delayMs >= 500 && delayMs <= Math.min(30_000, 500 * 2 ** attempt));
      }),
    );
  });

  it('spreads over the whole range', () => {
    assert.deepEqual(
      [0, 0.5, 1].map((value) => retryDelayMs(9, { random: () => value })),
      [500, 15_250, 30_000],
    );
  });

  it('waits at least as long as it was told, at most a tenth longer, and never over five minutes', () => {
    check(
      property(attempts, chance, integer({ min: 31, max: 270 }), (attempt, value, retryAfterSeconds) => {
        const delayMs = retryDelayMs(attempt, { random: () => value, retryAfterSeconds });

        assert.ok(delayMs >= retryAfterSeconds * 1000 && delayMs <= retryAfterSeconds * 1100 + 1);
      }),
    );

    assert.equal(retryDelayMs(1, { random: () => 0.9, retryAfterSeconds: 86_400 }), 300_000);
  });

  it('may go on for fifteen minutes without progress', () => {
    assert.equal(RETRY_BUDGET_MS, 900_000);
  });
});
