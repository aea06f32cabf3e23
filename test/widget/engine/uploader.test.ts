// The list, its commands and its events, from chosen file to receipt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { type UploadIdleEvent } from '../../../widget/engine/uploader.js';
import { POLICY, problem } from './fake-signer.js';
import { FakeWorld, idle, json, only, pick, record, textFile, until } from './fake-world.js';
import { settle } from './virtual-time.js';

test('a file goes through every state to a receipt', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  const changes = record(uploader);

  uploader.add(pick(textFile()));
  await idle(uploader);

  const statuses = changes.map(({ file }) => file.status);
  assert.deepEqual(
    [...new Set(statuses)],
    ['queued', 'preparing', 'signing', 'uploading', 'completing', 'complete'],
  );
  const { receipt, url, key, progress, sentBytes } = only(uploader);
  assert.deepEqual([receipt, url, key], ['r-id1', 'https://files.test/id1', 'k/id1']);
  assert.deepEqual([progress, sentBytes, uploader.progress, uploader.busy], [1, 3, 1, false]);
  assert.deepEqual(world.sent, [
    { url: 'https://bucket.test/id1?signature=first', headers: { 'content-type': 'text/plain' }, size: 3 },
  ]);
});

test('each change tells the snapshot before, and the list is the same array until something changes', async () => {
  const uploader = new FakeWorld().uploader();
  const changes = record(uploader);

  const { added } = uploader.add(pick(textFile()));
  assert.equal(uploader.busy, true);
  assert.equal(uploader.files, uploader.files);
  await idle(uploader);

  assert.equal(changes[0]?.previous, undefined);
  assert.equal(changes[0]?.file, added[0]);
  for (const [index, { previous }] of changes.entries())
    if (index > 0) assert.equal(previous, changes[index - 1]?.file);
  assert.ok(Object.isFrozen(uploader.files) && Object.isFrozen(only(uploader)));
});

test('an empty file is uploaded and counts for progress', async () => {
  const uploader = new FakeWorld().uploader();

  uploader.add(pick(textFile('empty.txt', 0)));
  await idle(uploader);

  assert.deepEqual([only(uploader).status, uploader.progress], ['complete', 1]);
});

test('idle tells which files succeeded and which failed', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads', ({ body }) => {
    const [good] = body.files as [Parameters<typeof world.plan>[0]];
    return json({ uploads: [world.plan(good), { error: problem('quota-exceeded') }] }, 201);
  });
  const uploader = world.uploader();
  const event = new Promise<UploadIdleEvent>((resolve) => {
    uploader.addEventListener('idle', (idleEvent) => resolve(idleEvent as UploadIdleEvent));
  });

  uploader.add(pick(textFile('good.txt'), textFile('bad.txt')));

  const { succeeded, failed } = await event;
  assert.deepEqual(
    [succeeded.map(({ name }) => name), failed.map(({ name }) => name)],
    [['good.txt'], ['bad.txt']],
  );
  assert.deepEqual(failed[0]?.error, {
    code: 'quota-exceeded',
    message: 'detail of quota-exceeded',
    retryable: false,
  });
});

test('without autoStart nothing is sent until start', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader({ autoStart: false });

  uploader.add(pick(textFile('a.txt'), textFile('b.txt')));
  await Promise.resolve();
  assert.deepEqual([uploader.busy, world.calls.length], [false, 0]);
  uploader.start(uploader.files[1]?.id);
  await idle(uploader);

  assert.deepEqual(
    uploader.files.map(({ status }) => status),
    ['queued', 'complete'],
  );
});

test('removing a file in flight stops its request and gives its upload up', async () => {
  const world = new FakeWorld();
  let stopped = false;
  world.sending = (_url, _body, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(signal.reason);
      });
    });
  const uploader = world.uploader();
  const changes = record(uploader);
  uploader.add(pick(textFile()));
  await until(uploader, ({ status }) => status === 'uploading');
  await settle();

  uploader.remove(only(uploader).id);
  await idle(uploader);

  assert.equal(stopped, true);
  assert.equal(uploader.files.length, 0);
  assert.equal(changes.at(-1)?.removed, true);
  const [abort] = world.callsOf('/v1/uploads/abort');
  assert.deepEqual(abort?.body, { tickets: ['ticket-id1'] });
  assert.equal(abort?.init.keepalive, true);
});

test('a file that is removed while it is signed gives its ticket back', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  const aborted = new Promise<unknown>((resolve) => {
    world.answers.set('/v1/uploads/abort', ({ body }) => {
      resolve(body.tickets);
      return undefined;
    });
  });
  world.answers.set('/v1/uploads', () => {
    uploader.clear();
    return undefined;
  });

  uploader.add(pick(textFile()));

  assert.deepEqual(await aborted, ['ticket-id1']);
  assert.equal(world.sent.length, 0);
});

test('a complete file that is removed stays in storage', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);

  uploader.clear();
  await Promise.resolve();

  assert.equal(uploader.files.length, 0);
  assert.equal(world.callsOf('/v1/uploads/abort').length, 0);
});

test('files move within the list', () => {
  const uploader = new FakeWorld().uploader({ autoStart: false });
  uploader.add(pick(textFile('a'), textFile('b'), textFile('c')));

  uploader.move(uploader.files[2]?.id ?? '', 0);
  uploader.move('nobody', 0);

  assert.deepEqual(
    uploader.files.map(({ name }) => name),
    ['c', 'a', 'b'],
  );
});

test('a failed policy is asked for again, a loaded one is not', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/sites/pk_test', () => json(problem('unknown-site'), 404));
  const uploader = world.uploader();
  await assert.rejects(uploader.loadPolicy(), { code: 'unknown-site' });
  world.answers.clear();

  const [first, second] = await Promise.all([uploader.loadPolicy(), uploader.loadPolicy()]);
  assert.equal(first, second);
  assert.equal(uploader.policy, first);
  assert.equal(world.callsOf('/v1/sites/pk_test').length, 2);

  uploader.configure({ siteKey: 'pk_test', signer: 'https://signer.test', concurrency: 1 });
  assert.equal(uploader.policy, first);
  uploader.configure({ siteKey: 'pk_other', signer: 'https://signer.test' });
  assert.equal(uploader.policy, undefined);
});

test('files are judged by attributes at once and by a policy that comes later', async () => {
  const world = new FakeWorld();
  world.policy = { ...POLICY, maxFiles: 1, accept: ['text/plain'] };
  const uploader = world.uploader({ restrictions: { maxSizeBytes: 10 } });

  const { added, rejected } = uploader.add(pick(textFile('big', 11), textFile('a.txt'), textFile('b.txt')));
  await idle(uploader);

  assert.deepEqual([rejected[0]?.code, rejected[0]?.limit, added.length], ['file-too-large', 10, 2]);
  assert.deepEqual(
    uploader.files.map(({ status }) => status),
    ['complete', 'failed'],
  );
  const error = uploader.files[1]?.error;
  assert.deepEqual([error?.code, error?.retryable, error?.limit], ['too-many-files', false, 1]);
  assert.equal(world.sent.length, 1);
});

test('a refused file does not use up a place', async () => {
  const world = new FakeWorld();
  world.policy = { ...POLICY, maxFiles: 1, accept: ['text/plain'] };
  const uploader = world.uploader();
  uploader.add(pick(new File(['x'], 'a.png', { type: 'image/png' })));
  await idle(uploader);
  assert.equal(only(uploader).error?.code, 'type-not-allowed');

  const { added, rejected } = uploader.add(pick(textFile('a.txt'), textFile('b.txt')));
  await idle(uploader);

  assert.deepEqual([added.length, rejected[0]?.code], [1, 'too-many-files']);
  assert.equal(uploader.files[1]?.status, 'complete');
});

test('the prepared file is what is planned, sent and shown', async () => {
  const world = new FakeWorld();
  world.policy = { ...POLICY, image: { ...POLICY.image, maxWidth: 2000 } };
  let asked: unknown;
  const uploader = world.uploader(
    { image: { maxWidth: 100, maxHeight: 50, quality: 0.5, format: 'webp' } },
    {
      prepare: async (_file, image) => {
        asked = image;
        return { blob: new Blob(['tiny']), name: 'a.webp', type: 'image/webp', width: 100, height: 40 };
      },
    },
  );

  uploader.add([{ file: textFile('a.png', 1000), relativePath: 'folder/a.png' }]);
  await idle(uploader);

  assert.deepEqual(asked, { ...POLICY.image, maxWidth: 100, maxHeight: 50, quality: 0.5, format: 'webp' });
  const request = { name: 'a.webp', size: 4, type: 'image/webp', relativePath: 'folder/a.webp' };
  const planned = world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as readonly FileRequest[]);
  assert.deepEqual(
    planned.map((file) => ({ ...file, nonce: undefined })),
    [{ ...request, nonce: undefined }],
  );
  const { size, originalSize, width, height, name } = only(uploader);
  assert.deepEqual(
    { size, originalSize, width, height, name },
    { size: 4, originalSize: 1000, width: 100, height: 40, name: 'a.webp' },
  );
});

test('progress comes at most ten times a second, the last of it always', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    for (let sentBytes = 1; sentBytes <= body.size; sentBytes += 1) {
      world.nowMs += 10;
      onProgress(sentBytes);
    }
    world.stored.add(url.slice('https://bucket.test/'.length).split('?')[0] ?? '');
  };
  const uploader = world.uploader();
  const changes = record(uploader);

  uploader.add(pick(textFile('a.txt', 305)));
  await idle(uploader);

  const sending = changes.map(({ file }) => file).filter(({ status }) => status === 'uploading');
  assert.equal(sending.length, 32);
  const last = sending.at(-1);
  assert.deepEqual([last?.sentBytes, last?.bytesPerSecond, last?.secondsLeft], [305, 100, 0]);
});

test('the sources are at hand for previews', () => {
  const uploader = new FakeWorld().uploader({ autoStart: false });
  const file = textFile();

  uploader.add(pick(file));

  assert.equal(uploader.source(only(uploader).id), file);
  assert.equal(uploader.source('nobody'), undefined);
});
