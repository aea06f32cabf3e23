// The engine's bookkeeping: bytes of parts, speed of the line, ten thousand listed files, and calls that wait for each other.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createBatcher } from '../../../widget/engine/batcher.js';
import { ByteLedger } from '../../../widget/engine/run/byte-ledger.js';
import { noteSpeed, partSizeHint } from '../../../widget/engine/run/line-speed.js';
import { createUpload, type Upload } from '../../../widget/engine/upload.js';
import { UploadList } from '../../../widget/engine/upload-list.js';
import { FakeWorld, idle, pick, textFile } from './fake-world.js';
import { settle } from './virtual-time.js';

const MIB = 2 ** 20;

test('what is stored and what is under way add up, and only more than ever is progress', () => {
  const told: number[] = [];
  const ledger = new ByteLedger(100, (bytes) => told.push(bytes));

  assert.equal(ledger.sending(1, 40), true);
  assert.equal(ledger.sending(2, 30), true);
  ledger.dropped(1);
  assert.equal(ledger.sentBytes, 130);
  assert.equal(ledger.sending(1, 20), false);
  assert.equal(ledger.sending(1, 50), true);
  ledger.stored(2, 60);

  assert.deepEqual([ledger.storedBytes, ledger.sentBytes], [160, 210]);
  assert.deepEqual(told, [140, 170, 150, 180, 210]);
});

test('a fast line asks for larger parts, a small file and many at once for smaller ones, within bounds', () => {
  for (let second = 0; second <= 10; second += 1) noteSpeed(100 * MIB, second * 1000);

  assert.equal(partSizeHint(10_000 * MIB, 2), 64 * MIB);
  assert.equal(partSizeHint(60 * MIB, 6), 10 * MIB);
  assert.equal(partSizeHint(12 * MIB, 6), 5 * MIB);
});

test('a line that was idle is measured anew', () => {
  for (let second = 100; second <= 110; second += 1) noteSpeed(MIB / 2, second * 1000);

  assert.equal(partSizeHint(10_000 * MIB, 2), 5 * MIB);
});

test('items that were announced are waited for, and share the call', async () => {
  const calls: number[][] = [];
  const batch = createBatcher<number, number>(async (items) => (calls.push([...items]), items), {
    maxBytes: 1000,
    maxWeight: 10,
    holdMs: 300,
  });
  const arrived = batch.expect();

  const first = batch.add(1);
  await settle();
  assert.deepEqual(calls, []);
  const second = batch.add(2);
  arrived();
  arrived();
  await Promise.all([first, second]);

  assert.deepEqual(calls, [[1, 2]]);
});

test('an item is held for others no longer than the time, and not when its call is full', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const calls: number[][] = [];
  const batch = createBatcher<number, number>(async (items) => (calls.push([...items]), items), {
    maxBytes: 1000,
    maxWeight: 10,
    weigh: (weight) => weight,
    holdMs: 300,
  });
  batch.expect();

  void batch.add(1);
  await settle();
  t.mock.timers.tick(299);
  await settle();
  assert.deepEqual(calls, []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(calls, [[1]]);
  void batch.add(6);
  void batch.add(5);
  await settle();
  assert.deepEqual(calls, [[1], [6]]);
  void batch.add(5);
  await settle();

  assert.deepEqual(calls, [[1], [6], [5, 5]]);
});

test('five hundred small files are planned in five calls and confirmed in hardly more', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  world.sending = async (url, body) => {
    await new Promise((resolve) => setImmediate(resolve));
    world.store(url, body.size);
  };

  uploader.add(pick(...Array.from({ length: 500 }, (_, index) => textFile(`${index}`))));
  await idle(uploader);

  assert.equal(world.stored.size, 500);
  const [creates, completes] = ['', '/complete'].map((path) => world.callsOf(`/v1/uploads${path}`).length);
  assert.equal(creates, 5);
  assert.ok(completes !== undefined && completes <= 6, `${completes} calls`);
});

/** Uploads that count how often their snapshots are asked for. */
function countedUploads(count: number): {
  readonly uploads: readonly Upload[];
  readonly looks: () => number;
} {
  let looks = 0;
  const uploads = Array.from({ length: count }, (_, rank) => {
    const upload = createUpload({ id: `u${rank}`, rank, picked: { file: textFile('a') }, isAdmitted: false });
    const { snapshot } = upload;
    return Object.defineProperty(upload, 'snapshot', {
      get: () => {
        looks += 1;
        return snapshot;
      },
    });
  });
  return { uploads, looks: () => looks };
}

test('a list of ten thousand files is added to, counted and emptied without walking over it', () => {
  const list = new UploadList();
  const { uploads, looks } = countedUploads(10_000);
  const walk = mock.method(Map.prototype, 'values');

  for (const upload of uploads) {
    list.add(upload);
    assert.ok(list.taken.count > 0);
  }
  assert.deepEqual(list.taken, { count: 10_000, bytes: 30_000 });
  for (const upload of uploads.slice(0, 5000)) {
    list.admit(upload);
    list.setRefused(upload, true);
    list.remove(upload);
  }

  const walks = walk.mock.callCount();
  walk.mock.restore();
  const commands = 10_000 + 3 * 5000;
  assert.deepEqual([walks, looks()], [0, commands], 'each looks at its own file only');
  assert.deepEqual([list.taken, list.admitted.count], [{ count: 5000, bytes: 15_000 }, 0]);
  assert.equal(list.files, list.files);
  assert.equal(looks(), commands + 5000);
});
