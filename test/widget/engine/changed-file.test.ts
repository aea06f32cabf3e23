// A file that changed between two visits where the samples miss it: no part of its old content is ever reused unseen.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { partOf } from './fake-signer.js';
import { FakeWorld, idle, noAnswer, only, pick, refusal } from './fake-world.js';
import { forgetSlowDowns, holdSends } from './held-sends.js';
import { settle } from './virtual-time.js';
import { sentParts, visit } from './visits.js';

beforeEach(forgetSlowDowns);

/** Larger than what is sampled of it, with other bytes at one place. */
function sampledFile(change?: number): File {
  const bytes = new Uint8Array(1_000_000);
  if (change !== undefined) bytes[change] = 1;
  return new File([bytes], 'big');
}

/** A visit whose first three parts arrive, but the page goes before the first one is noted. */
async function visitWithoutNote(world: FakeWorld, arrivals = 3): Promise<void> {
  const { resumeStore } = world;
  const saveDigest: typeof resumeStore.saveDigest = async (id, partNumber, digest) => {
    if (partNumber !== 1) await resumeStore.saveDigest(id, partNumber, digest);
  };
  world.partSize = 100_000;
  Object.assign(world.ports, { resumeStore: { ...resumeStore, saveDigest } });
  await visit(world, sampledFile(), { arrivals });
}

/** The sizes of part 1 that really arrived from now on; the line breaks under the first one. */
function breakFirstPart(world: FakeWorld): { readonly arrived: () => number } {
  let [tries, arrived] = [0, 0];
  world.sending = async (url, body, { onProgress }) => {
    onProgress(body.size);
    if (partOf(url) === 1 && (tries += 1) === 1) throw refusal(0);
    if (partOf(url) === 1) arrived += 1;
    world.store(url, body.size);
  };
  return { arrived: () => arrived };
}

test('a part of an earlier visit is not taken for the one whose line broke', async () => {
  const world = new FakeWorld();
  await visitWithoutNote(world);
  const { arrived } = breakFirstPart(world);
  const uploader = world.uploader();

  uploader.add(pick(sampledFile(80_000)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, arrived()], ['k/id1', 1]);
});

test('a part of an earlier visit that nothing is known of is sent again after a pause, too', async () => {
  const world = new FakeWorld();
  await visitWithoutNote(world);
  const held = holdSends(world);
  const uploader = world.uploader();
  uploader.add(pick(sampledFile(80_000)));
  await settle();
  assert.equal(held[0]?.part, 1);
  uploader.pause();
  await settle();
  world.sending = undefined;
  world.sent.length = 0;

  uploader.resume();
  await idle(uploader);

  assert.deepEqual([only(uploader).key, sentParts(world).slice(0, 2)], ['k/id1', [1, 4]]);
});

test('parts that are all there are compared with the file before they are put together', async () => {
  const world = new FakeWorld();
  world.partSize = 100_000;
  world.answers.set('/v1/uploads/complete', () => noAnswer());
  await visit(world, sampledFile(), { arrivals: 10 });
  assert.equal(world.parts.get('id1')?.size, 10);
  world.answers.clear();
  const uploader = world.uploader();

  uploader.add(pick(sampledFile(80_000)));
  await idle(uploader);

  assert.deepEqual([only(uploader).key, [...world.aborted]], ['k/id2', ['id1']]);
});

function findNothing(): Promise<string> {
  return Promise.reject(new DOMException('gone', 'NotFoundError'));
}

test('a file that is gone when it is compared with an earlier visit is named so', async () => {
  const world = new FakeWorld();
  world.partSize = 100_000;
  await visit(world, sampledFile(), { arrivals: 3 });
  const uploader = world.uploader({}, { hasher: { md5: findNothing } });

  uploader.add(pick(sampledFile()));
  await idle(uploader);

  assert.deepEqual([only(uploader).error?.code, only(uploader).error?.retryable], ['file-missing', false]);
});
