// A file's nonce: the same for each try to plan it, so that the signer plans and counts it once.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FileRequest } from '../../../server/protocol.js';
import { FakeWorld, idle, json, noAnswer, only, pick, textFile, uploadOne } from './fake-world.js';
import { forgetSlowDowns, holdAnswer } from './held-sends.js';
import { settle } from './virtual-time.js';
import { records } from './visits.js';

beforeEach(forgetSlowDowns);

function asked(world: FakeWorld): readonly Pick<FileRequest, 'nonce' | 'repeated'>[] {
  const files = world.callsOf('/v1/uploads').flatMap(({ body }) => body['files'] as readonly FileRequest[]);
  return files.map(({ nonce, repeated }) => ({
    ...(nonce === undefined ? {} : { nonce }),
    ...(repeated === undefined ? {} : { repeated }),
  }));
}

test('a call whose answer was lost is made again with the same nonce', async () => {
  const world = new FakeWorld();
  let calls = 0;
  world.answers.set('/v1/uploads', () => ((calls += 1) === 1 ? noAnswer() : undefined));

  await uploadOne(world);

  const [first, second, ...others] = asked(world);
  assert.match(first?.nonce ?? '', /^[\w-]{22}$/);
  assert.deepEqual([second, others], [{ nonce: first?.nonce, repeated: true }, []]);
  assert.equal(first?.repeated, undefined);
});

test('each file has a nonce of its own', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader();

  uploader.add(pick(textFile(), textFile()));
  await idle(uploader);

  assert.equal(new Set(asked(world).map(({ nonce }) => nonce)).size, 2);
});

test('a pause while a file is planned keeps its nonce, and the late answer ends nothing', async () => {
  const world = new FakeWorld();
  const answer = holdAnswer(world, '/v1/uploads');
  const uploader = world.uploader();
  uploader.add(pick(textFile('big', 1200)));
  await settle();
  uploader.pause();
  await settle();

  uploader.resume();
  await settle();
  answer.release();
  await idle(uploader);

  const [first, second] = asked(world);
  assert.equal(only(uploader).status, 'complete');
  assert.deepEqual(second, { nonce: first?.nonce, repeated: true });
  assert.deepEqual([only(uploader).key, world.aborted.size, world.planned.size], ['k/id1', 0, 1]);
});

for (const answeredFirst of ['the call that was paused', 'the call of the run that goes on']) {
  test(`a signer that knows no nonce leaves no second record when ${answeredFirst} is answered first`, async () => {
    const world = new FakeWorld();
    const answers: (() => void)[] = [];
    world.answers.set('/v1/uploads', async ({ body }) => {
      const nonce = `call ${answers.length}`;
      await new Promise<void>((resolve) => answers.push(resolve));
      const files = body['files'] as readonly FileRequest[];
      return json({ uploads: files.map((file) => world.plan({ ...file, nonce })) }, 201);
    });
    const uploader = world.uploader();
    uploader.add(pick(textFile('big', 1200)));
    await settle();
    uploader.pause();
    await settle();
    uploader.resume();
    await settle();
    if (answeredFirst !== 'the call that was paused') answers.reverse();

    const ended = idle(uploader);
    for (const answer of answers) {
      answer();
      await settle();
    }
    await ended;

    assert.deepEqual([only(uploader).status, world.stored.size, answers.length], ['complete', 1, 2]);
    assert.deepEqual(await records(world), []);
  });
}

test('an upload that storage has lost is begun anew under another nonce', async () => {
  const world = new FakeWorld();
  world.sending = async (url, body) => {
    world.sending = undefined;
    world.gone.add('id1');
    world.store(url, body.size);
  };

  const file = await uploadOne(world, textFile('big', 1200));

  const [first, second] = asked(world);
  assert.deepEqual([file.status, file.key], ['complete', 'k/id2']);
  assert.notEqual(second?.nonce, first?.nonce);
  assert.equal(second?.repeated, undefined);
});

test('a plan that comes when its file only waits for its start is given up with the file', async () => {
  const world = new FakeWorld();
  const answer = holdAnswer(world, '/v1/uploads');
  let mayStart = true;
  const uploader = world.uploader({}, { mayStart: () => mayStart });
  const { id = '' } = uploader.add(pick(textFile())).added[0] ?? {};
  await settle();
  uploader.pause(id);
  mayStart = false;
  uploader.resume(id);
  await settle();

  answer.release();
  await settle();
  assert.equal(only(uploader).status, 'queued');
  uploader.remove(id);
  await settle();

  assert.deepEqual([...world.aborted], ['id1']);
});
