// Small files: read once, then hashed, known again and sent from memory.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Send } from '../../../widget/engine/ports.js';
import { POLICY } from './fake-signer.js';
import { FakeWorld, idle, only, pick, refusal } from './fake-world.js';

const CONTENT = 'a small file';

/** A file that counts how often it is read. */
function countedFile(content: string) {
  const file = new File([content], 'a.txt', { type: 'text/plain' });
  let reads = 0;
  const slice = file.slice.bind(file);
  const counted = (blob: Blob): Blob => {
    const read = blob.arrayBuffer.bind(blob);
    return Object.assign(blob, {
      arrayBuffer: () => {
        reads += 1;
        return read();
      },
    });
  };
  Object.assign(file, { slice: (...range: Parameters<Blob['slice']>) => counted(slice(...range)) });
  counted(file);
  return { file, reads: () => reads };
}

/** Notes the bytes that each send was given; the first `failures` of them fail. */
function noteBytes(world: FakeWorld, failures = 0): (string | undefined)[] {
  const noted: (string | undefined)[] = [];
  const send: Send = async (request, body, { bytes, onProgress }) => {
    noted.push(bytes && new TextDecoder().decode(bytes));
    if (noted.length <= failures) throw refusal(503);
    world.store(request.url, body.size);
    onProgress(body.size);
  };
  Object.assign(world.ports, { send });
  return noted;
}

for (const integrity of [true, false]) {
  test(`a small file is read once and sent from memory, ${integrity ? 'with' : 'without'} its MD5`, async () => {
    const world = new FakeWorld();
    world.policy = { ...POLICY, integrity };
    const { file, reads } = countedFile(CONTENT);
    const noted = noteBytes(world, 1);
    const uploader = world.uploader();

    uploader.add(pick(file));
    await idle(uploader);

    assert.equal(only(uploader).status, 'complete');
    assert.deepEqual(noted, [CONTENT, CONTENT]);
    assert.equal(reads(), 1);
    assert.equal(md5Of(world), integrity ? createHash('md5').update(CONTENT).digest('base64') : undefined);
  });
}

test('a small file that nobody hashes or remembers is left to the browser to read', async () => {
  const world = new FakeWorld();
  const { file, reads } = countedFile(CONTENT);
  const noted = noteBytes(world);
  const uploader = world.uploader({ remember: false });

  uploader.add(pick(file));
  await idle(uploader);

  assert.deepEqual([noted, reads()], [[undefined], 0]);
});

test('a larger file is sent from the disk', async () => {
  const world = new FakeWorld();
  const multipart = { ...POLICY.multipart, thresholdBytes: 1_000_000 };
  world.policy = { ...POLICY, multipart };
  const { file } = countedFile('x'.repeat(200_000));
  const noted = noteBytes(world);
  const uploader = world.uploader();

  uploader.add(pick(file));
  await idle(uploader);

  assert.deepEqual([only(uploader).status, noted], ['complete', [undefined]]);
});

test('the bytes are handed out once: who sends them holds them alone', async () => {
  const world = new FakeWorld();
  const noted = noteBytes(world);
  let isLost = true;
  world.answers.set('/v1/uploads/complete', ({ body }) => {
    if (!isLost) return undefined;
    isLost = false;
    const [ticket = ''] = body.tickets as readonly string[];
    world.stored.delete(ticket.replace('ticket-', ''));
    return undefined;
  });
  const uploader = world.uploader();

  uploader.add(pick(countedFile(CONTENT).file));
  await idle(uploader);

  // Storage had lost it: the second time it is sent from the disk.
  assert.deepEqual([only(uploader).status, noted], ['complete', [CONTENT, undefined]]);
});

/** As the signer was told. */
function md5Of(world: FakeWorld): unknown {
  const [file] = [...world.planned.values()];
  return file?.md5;
}
