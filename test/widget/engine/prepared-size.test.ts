// Sizes are judged by what is sent: a photo that is scaled down may have been larger than its site takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedFile } from '../../../widget/engine/uploader.js';
import { FakeWorld, idle, only, pick } from './fake-world.js';

for (const [bytes, expected] of [
  [8, 'complete'],
  [11, 'file-too-large'],
  [1, 'file-too-small'],
] as const) {
  test(`a photo of 20 bytes that becomes one of ${bytes}, where 2 to 10 are taken: ${expected}`, async () => {
    const world = new FakeWorld();
    const made = new Blob(['x'.repeat(bytes)], { type: 'image/jpeg' });
    const prepare = (file: File) => Promise.resolve({ blob: made, name: file.name, type: made.type });
    const restrictions = { maxSizeBytes: 10, minSizeBytes: 2 };
    const uploader = world.uploader({ restrictions }, { prepare });

    uploader.add(pick(new File(['x'.repeat(20)], 'a.jpg', { type: 'image/jpeg' })));
    await idle(uploader);

    const { status, error } = only(uploader);
    assert.equal(error?.code ?? status, expected);
    assert.equal(world.callsOf('/v1/uploads').length, expected === 'complete' ? 1 : 0);
  });
}

test('a photo that has become smaller leaves room for the next file; what was taken stays', async () => {
  const world = new FakeWorld();
  const uploader = world.uploader({ restrictions: { maxTotalSizeBytes: 40 } }, { prepare: cutToFive });
  const { added, rejected } = uploader.add(pick(photo('a.jpg'), photo('b.jpg'), photo('c.jpg')));
  assert.deepEqual([added.length, rejected.map(({ code }) => code)], [2, ['total-too-large']]);
  await idle(uploader);

  const again = uploader.add(pick(photo('c.jpg'), photo('d.jpg')));

  assert.deepEqual([again.added.length, again.rejected.length], [1, 1]);
  await idle(uploader);
  assert.equal(uploader.add(pick(photo('d.jpg'))).added.length, 1);
  for (const { id } of uploader.files) uploader.remove(id);
  assert.equal(uploader.add(pick(photo('e.jpg'), photo('f.jpg'))).added.length, 2);
});

function photo(name: string): File {
  return new File(['x'.repeat(20)], name, { type: 'image/jpeg' });
}

async function cutToFive(file: File): Promise<PreparedFile> {
  return { blob: file.slice(0, 5), name: file.name, type: file.type };
}
