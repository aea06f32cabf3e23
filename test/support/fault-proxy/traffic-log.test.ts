// The sums of a traffic log, on traffic written down by hand.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrafficLog, type OpenEntry } from './traffic-log.js';

function logOf(...entries: readonly Partial<OpenEntry>[]): TrafficLog {
  const log = new TrafficLog();
  for (const entry of entries) Object.assign(log.open({ ...PART, ...entry }), entry);
  return log;
}

const PART = {
  from: 'browser',
  method: 'PUT',
  path: '/bucket/key',
  partNumber: 1,
  uploadId: 'u',
  connection: 1,
  rule: undefined,
  startedAtMs: 0,
} as const;

describe('TrafficLog', () => {
  it('sums what was sent, and what of it was in vain', () => {
    const log = logOf(
      { requestBytes: 700 },
      { requestBytes: 1000 },
      { requestBytes: 40, method: 'POST' },
      { requestBytes: 5, from: 'signer' },
    );

    assert.equal(log.bytesSent(), 1745);
    assert.equal(log.bytesSent({ from: 'browser', method: 'PUT' }), 1700);
    assert.equal(log.bytesSentTwice(1000), 700);
  });

  it('knows how much ran at once: one that ends as another starts does not count', () => {
    const log = logOf(
      { startedAtMs: 0, endedAtMs: 10 },
      { startedAtMs: 5, endedAtMs: 10 },
      { startedAtMs: 10 },
      { startedAtMs: 6, endedAtMs: 9, partNumber: undefined },
    );

    assert.equal(log.partsInFlightMax(), 2);
    assert.equal(log.inFlightMax(), 3);
  });

  it('selects by every field given, and forgets when told', () => {
    const log = logOf({ status: 503, rule: 'status 503' }, { status: 200 });

    assert.deepEqual(
      log.select({ method: 'PUT', status: 503 }).map(({ rule }) => rule),
      ['status 503'],
    );
    log.clear();
    assert.deepEqual(log.entries, []);
  });
});
