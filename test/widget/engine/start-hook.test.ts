// The hook that is asked before a file is started: its word, and its faults.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeWorld, idle, only, pick, textFile } from './fake-world.js';

test('a file that may not start stays queued until it is started again', async () => {
  const world = new FakeWorld();
  let mayStart = false;
  const uploader = world.uploader({}, { mayStart: () => mayStart });

  uploader.add(pick(textFile()));
  await idle(uploader);
  assert.equal(only(uploader).status, 'queued');
  mayStart = true;
  uploader.start();
  await idle(uploader);

  assert.equal(only(uploader).status, 'complete');
});

test('a hook that throws when it is asked fails that file, and the others go on', async () => {
  const world = new FakeWorld();
  let isBroken = true;
  const mayStart = ({ name }: { readonly name: string }) => {
    if (isBroken && name === 'b.txt') throw new Error('a fault of the page');
    return true;
  };
  const uploader = world.uploader({}, { mayStart });

  uploader.add(pick(textFile('a.txt'), textFile('b.txt'), textFile('c.txt')));
  await idle(uploader);
  const [first, second, third] = uploader.files;
  assert.deepEqual(
    [first?.status, second?.error?.code, third?.status],
    ['complete', 'hook-failed', 'complete'],
  );
  assert.equal(second?.error?.retryable, true);
  isBroken = false;
  uploader.retry();
  await idle(uploader);

  assert.equal(uploader.files[1]?.status, 'complete');
});
