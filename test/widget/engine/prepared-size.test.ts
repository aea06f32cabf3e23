// Sizes are judged by what is sent: a photo that is scaled down may have been larger than its site takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
