// Trying again, by the user's wish and by itself: the plan is kept as long as it is good, and nothing is sent that storage has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UploadError } from '../../../widget/engine/upload-error.js';
import { problem } from './fake-signer.js';
import {
  FakeWorld,
  idle,
  json,
  noAnswer,
  only,
  pick,
  refusal,
  textFile,
  uploadOne as upload,
} from './fake-world.js';

test('a retry keeps its plan, and asks what storage has before it sends', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(503));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);
  assert.deepEqual(
    [only(uploader).error?.code, only(uploader).error?.retryable],
    ['storage-unavailable', true],
  );
  world.sending = undefined;
  const before = world.sent.length;

  uploader.retry(only(uploader).id);
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key], ['complete', 'k/id1']);
  assert.deepEqual(
    [world.callsOf('/v1/uploads').length, world.callsOf('/v1/uploads/status').length, world.sent.length],
    [1, 1, before + 1],
  );
});

test('a retry finds what an earlier try had stored, and sends nothing', async () => {
  const world = new FakeWorld();
  world.answers.set('/v1/uploads/complete', noAnswer);
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);
  assert.equal(only(uploader).error?.code, 'signer-unreachable');

  uploader.retry();
  await idle(uploader);
  assert.equal(only(uploader).status, 'failed');
  world.answers.clear();
  uploader.retry();
  await idle(uploader);

  assert.deepEqual([only(uploader).status, only(uploader).key, world.sent.length], ['complete', 'k/id1', 1]);
});

for (const code of ['ticket-expired', 'ticket-invalid', 'upload-gone'] as const) {
  test(`${code} makes a new plan by itself, and says that the file starts again`, async () => {
    const world = new FakeWorld();
    world.answers.set('/v1/uploads/complete', ({ body }) =>
      String(body.tickets) === 'ticket-id1' ? json({ files: [{ error: problem(code) }] }, 401) : undefined,
    );

    const { status, key, notice } = await upload(world);

    assert.deepEqual([status, key, notice], ['complete', 'k/id2', 'upload-gone']);
    assert.deepEqual(
      world.callsOf('/v1/uploads/abort').map(({ body }) => body.tickets),
      [['ticket-id1']],
    );
  });

  test(`${code} again and again is the end after three plans`, async () => {
    const world = new FakeWorld();
    world.answers.set('/v1/uploads/complete', () => json({ files: [{ error: problem(code) }] }, 401));

    const { error } = await upload(world);

    assert.deepEqual([error?.code, world.callsOf('/v1/uploads').length], [code, 3]);
  });
}

test('retry without an id leaves alone what cannot succeed', async () => {
  const world = new FakeWorld();
  world.sending = () => Promise.reject(refusal(400));
  const uploader = world.uploader();
  uploader.add(pick(textFile()));
  await idle(uploader);

  uploader.retry();

  assert.deepEqual([only(uploader).status, uploader.busy], ['failed', false]);
});

test('a file that changed is sent anew as a whole: nothing is put beside parts of its old content', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body, { onProgress }) => {
    const changed = new UploadError('file-changed', 'The file changed.', { retryable: false });
    if (world.sent.length === 3) throw changed;
    world.store(url, body.size);
    onProgress(body.size);
  };
  const uploader = world.uploader({ concurrency: 1 });
  uploader.add(pick(textFile('big', 1200)));
  await idle(uploader);
  assert.deepEqual([only(uploader).error?.code, world.openMultiparts], ['file-changed', []]);

  uploader.retry(only(uploader).id);
  await idle(uploader);

  assert.deepEqual([only(uploader).key, world.parts.get('id2')?.size], ['k/id2', 12]);
});

test('what passes at once is tried at once one time only while nothing moves', async () => {
  assert.ok((await triesOf('ServiceUnavailable')) <= (await triesOf('SlowDown')) + 1);
});

/** How often a file is sent to storage that answers 503 for ever. */
async function triesOf(code: string): Promise<number> {
  const world = new FakeWorld();
  world.sending = async () => {
    throw refusal(503, code);
  };
  world.uploader().add(pick(textFile()));
  await world.time.advance(20 * 60_000, 5000);
  return world.sent.length;
}
