// The pure parts: states, restrictions, speed, and image policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { narrowImagePolicy } from '../../../widget/engine/image-policy.js';
import { findRejection, policyRestrictions, type Restrictions } from '../../../widget/engine/restrictions.js';
import type { FileSnapshot } from '../../../widget/engine/snapshot.js';
import { totalProgress } from '../../../widget/engine/snapshot.js';
import { addSample, bytesPerSecond, secondsLeft, type SpeedWindow } from '../../../widget/engine/speed.js';
import { transition, type UploadEvent, type UploadState } from '../../../widget/engine/upload-state.js';
import { POLICY } from './fake-signer.js';

const FILE = { id: 'i', key: 'k', url: 'u', name: 'n', size: 9, type: 't', etag: 'e', receipt: 'r' };
const FAILURE = { code: 'offline', message: '', retryable: true } as const;
const STATES: Readonly<Record<UploadState['status'], UploadState>> = {
  queued: { status: 'queued' },
  preparing: { status: 'preparing' },
  signing: { status: 'signing' },
  uploading: { status: 'uploading', sentBytes: 4, totalBytes: 9 },
  completing: { status: 'completing' },
  waiting: {
    status: 'waiting',
    reason: 'offline',
    attempt: 1,
    retryAtMs: 9,
    during: { status: 'uploading', sentBytes: 4, totalBytes: 9 },
  },
  paused: { status: 'paused', sentBytes: 4 },
  complete: { status: 'complete', file: FILE },
  failed: { status: 'failed', error: FAILURE },
};
const EVENTS: Readonly<Record<UploadEvent['type'], UploadEvent>> = {
  prepare: { type: 'prepare' },
  sign: { type: 'sign' },
  send: { type: 'send', totalBytes: 9 },
  progress: { type: 'progress', sentBytes: 5 },
  wait: { type: 'wait', reason: 'storage-unavailable', attempt: 2, retryAtMs: 99 },
  'go-on': { type: 'go-on' },
  verify: { type: 'verify' },
  restart: { type: 'restart' },
  complete: { type: 'complete', file: FILE },
  fail: { type: 'fail', error: FAILURE },
  retry: { type: 'retry' },
  pause: { type: 'pause', sentBytes: 4 },
  resume: { type: 'resume' },
};
type Row = Partial<Record<UploadEvent['type'], UploadState['status']>>;
/** What may happen to an upload whenever it is worked on. */
const ALWAYS: Row = {
  send: 'uploading',
  wait: 'waiting',
  verify: 'completing',
  restart: 'signing',
  fail: 'failed',
  pause: 'paused',
};
/** What each event leads to; everything else leaves the state as it is. */
const TABLE: Readonly<Record<UploadState['status'], Row>> = {
  queued: { ...ALWAYS, prepare: 'preparing', sign: 'signing' },
  preparing: { ...ALWAYS, sign: 'signing' },
  signing: ALWAYS,
  uploading: { ...ALWAYS, progress: 'uploading' },
  waiting: { ...ALWAYS, progress: 'uploading', 'go-on': 'uploading' },
  paused: { resume: 'queued' },
  completing: {
    send: 'uploading',
    wait: 'waiting',
    restart: 'signing',
    complete: 'complete',
    fail: 'failed',
    pause: 'paused',
  },
  complete: {},
  failed: { retry: 'queued' },
};

test('every state answers every event by the table, and keeps itself when the event comes too late', () => {
  for (const state of Object.values(STATES)) {
    for (const event of Object.values(EVENTS)) {
      const next = transition(state, event);
      const expected = TABLE[state.status][event.type];
      if (expected === undefined) assert.equal(next, state, `${state.status} + ${event.type}`);
      else assert.equal(next.status, expected, `${state.status} + ${event.type}`);
    }
  }
});

test('a wait keeps what goes on after it, and a new wait takes the place of the old one', () => {
  const waiting = transition(STATES.uploading, EVENTS.wait);
  const again = transition(waiting, { ...EVENTS.wait, attempt: 3 } as UploadEvent);

  assert.equal(again.status === 'waiting' && again.attempt, 3);
  assert.deepEqual(transition(again, EVENTS['go-on']), STATES.uploading);
});

test('progress never goes backwards nor past the end', () => {
  const state = STATES.uploading;

  assert.equal(transition(state, { type: 'progress', sentBytes: 3 }), state);
  assert.deepEqual(transition(state, { type: 'progress', sentBytes: 99 }), { ...state, sentBytes: 9 });
});

const jpeg: Restrictions = { accept: ['.jpg'] };
const site = (accept: readonly string[]): Restrictions => policyRestrictions({ ...POLICY, accept });
const VERDICTS: readonly (readonly [string, string, number, readonly Restrictions[], string | undefined])[] =
  [
    // C1, C2: sizes
    ['a.txt', 'text/plain', 0, [{}], undefined],
    ['a.txt', 'text/plain', 0, [{ minSizeBytes: 1 }], 'file-too-small'],
    ['a.txt', 'text/plain', 10, [{ maxSizeBytes: 10 }], undefined],
    ['a.txt', 'text/plain', 11, [{ maxSizeBytes: 10 }], 'file-too-large'],
    ['a.txt', 'text/plain', 2 ** 40, [{}, { maxSizeBytes: 10 }], 'file-too-large'],
    ['a.txt', 'text/plain', 5, [{ maxTotalSizeBytes: 104 }], 'total-too-large'],
    ['a.txt', 'text/plain', 4, [{ maxTotalSizeBytes: 104 }], undefined],
    ['a.txt', 'text/plain', 4, [{ maxFiles: 2 }], 'too-many-files'],
    ['a.txt', 'text/plain', 4, [{ maxFiles: 3 }], undefined],
    // C12: one type, many spellings
    ['A.JPEG', 'image/jpeg', 1, [{ accept: ['image/jpeg'] }], undefined],
    ['a.jpg', 'image/jpg', 1, [jpeg], undefined],
    ['a.JPG', '', 1, [jpeg], undefined],
    ['a.jpe', 'image/jpeg', 1, [{ accept: ['image/*'] }], undefined],
    ['a.png', 'image/png', 1, [jpeg], 'type-not-allowed'],
    // C13: no type
    ['a.png', '', 1, [{ accept: ['image/*'] }], undefined],
    ['a.unknown', '', 1, [{ accept: ['image/*'] }], 'type-not-allowed'],
    ['unknown', '', 1, [{}, site([])], undefined],
    // A67: active content, by type
    ['a.html', 'text/html', 1, [{}, site([])], 'type-not-allowed'],
    ['a.svg', 'image/svg+xml', 1, [{}, site(['image/*'])], 'type-not-allowed'],
    ['a.xhtml', 'application/xhtml+xml', 1, [{}, site([])], 'type-not-allowed'],
    ['a.xml', 'text/xml', 1, [{}, site([])], 'type-not-allowed'],
    ['a.js', 'application/javascript', 1, [{}, site([])], 'type-not-allowed'],
    // A68: type and extension must both pass
    ['a.html', 'image/png', 1, [{}, site([])], 'type-not-allowed'],
    ['a.png', 'text/html', 1, [{}, site([])], 'type-not-allowed'],
    ['a.html', 'image/png', 1, [{ accept: ['image/*'] }], 'type-not-allowed'],
    // A site that names an active type means it; an attribute cannot.
    ['a.svg', 'image/svg+xml', 1, [{}, site(['image/svg+xml'])], undefined],
    ['a.svg', 'image/svg+xml', 1, [{ accept: ['image/*'] }, site(['image/*', '.SVG'])], undefined],
    ['a.svg', 'image/svg+xml', 1, [{ accept: ['image/svg+xml'] }, site(['image/*'])], 'type-not-allowed'],
    ['a.svg', 'image/svg+xml', 1, [{ accept: ['image/png'] }, site(['image/svg+xml'])], 'type-not-allowed'],
  ];

for (const [name, type, size, limits, expected] of VERDICTS) {
  test(`${name} (${type}, ${size} bytes) under ${JSON.stringify(limits)}: ${expected ?? 'taken'}`, () => {
    assert.equal(findRejection({ name, type, size }, limits, { count: 2, bytes: 100 })?.code, expected);
  });
}

test('speed is told from the last seconds only, and not before it can be', () => {
  let window: SpeedWindow = addSample([], { atMs: 0, sentBytes: 0 });
  assert.equal(bytesPerSecond(window), null);
  window = addSample(window, { atMs: 499, sentBytes: 400 });
  assert.equal(bytesPerSecond(window), null);
  window = addSample(window, { atMs: 1_000, sentBytes: 1_000 });
  assert.equal(bytesPerSecond(window), 1_000);

  for (let atMs = 2_000; atMs <= 60_000; atMs += 1_000)
    window = addSample(window, { atMs, sentBytes: 1_000 + atMs / 10 });

  assert.equal(bytesPerSecond(window), 100);
  assert.equal(secondsLeft(500, 100), 5);
  assert.equal(secondsLeft(500, 0), null);
  assert.equal(secondsLeft(500, null), null);
  assert.ok(window.length < 12);
});

test('progress of all files is a share of all bytes between 0 and 1', () => {
  const file = fc.record({
    size: fc.nat(),
    progress: fc.double({ min: 0, max: 1, noNaN: true }),
    status: fc.constantFrom('queued', 'uploading', 'failed', 'complete'),
  });
  fc.assert(
    fc.property(fc.array(file), (files) => {
      const total = totalProgress(files as unknown as readonly FileSnapshot[]);
      assert.ok(total >= 0 && total <= 1 + 1e-12);
    }),
  );
});

test('attributes narrow how a site wants images, never widen it', () => {
  const policy = {
    ...POLICY.image,
    maxWidth: 2000,
    quality: 0.8,
    format: 'webp',
    metadata: 'strip',
  } as const;

  assert.deepEqual(narrowImagePolicy(policy), policy);
  assert.deepEqual(
    narrowImagePolicy(policy, {
      maxWidth: 4000,
      maxHeight: 500,
      quality: 0.9,
      format: 'png',
      metadata: 'keep',
    }),
    { ...policy, maxHeight: 500 },
  );
  assert.deepEqual(narrowImagePolicy(POLICY.image, { format: 'png', maxWidth: 10 }), {
    ...POLICY.image,
    format: 'png',
    maxWidth: 10,
  });
  assert.deepEqual(narrowImagePolicy(policy, { disabled: true }), {
    ...policy,
    maxWidth: null,
    format: 'original',
  });
});
