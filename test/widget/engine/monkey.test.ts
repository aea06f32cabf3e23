// Commands in any order and at any time: whatever happens, the list stays sound and nothing is left running.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Uploader } from '../../../widget/engine/uploader.js';
import { idOf } from './fake-signer.js';
import { FakeWorld, pick, refusal, textFile } from './fake-world.js';

const command = fc.record({
  name: fc.constantFrom('add', 'add', 'start', 'retry', 'remove', 'move', 'clear', 'yield', 'yield'),
  at: fc.nat(9),
});

test('random commands leave no request behind and no file in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 40 }), fc.boolean(), async (commands, autoStart) => {
      const world = new FakeWorld();
      const open = new Set<string>();
      world.sending = async (url, body, { signal, onProgress }) => {
        open.add(url);
        await new Promise((resolve) => setImmediate(resolve));
        open.delete(url);
        signal.throwIfAborted();
        if (idOf(url).endsWith('3')) throw refusal(503);
        onProgress(body.size);
        world.stored.add(idOf(url));
      };
      const uploader = world.uploader({ autoStart, restrictions: { maxFiles: 6 } });

      for (const { name, at } of commands) await obey(uploader, name, at);
      uploader.start();
      while (uploader.busy || open.size > 0) await new Promise((resolve) => setImmediate(resolve));

      const ids = uploader.files.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.length <= 6);
      assert.ok(uploader.files.every(({ status }) => status === 'complete' || status === 'failed'));
      const keys = uploader.files.flatMap(({ key }) => (key === null ? [] : [key]));
      assert.equal(new Set(keys).size, keys.length);
    }),
    { numRuns: 60 },
  );
});

async function obey(uploader: Uploader, name: string, at: number): Promise<void> {
  const id = uploader.files[at]?.id;
  if (name === 'add') uploader.add(pick(textFile(`${at}.txt`)));
  else if (name === 'start') uploader.start(id);
  else if (name === 'retry') uploader.retry(id);
  else if (name === 'remove') uploader.remove(id ?? 'nobody');
  else if (name === 'move') uploader.move(id ?? 'nobody', at);
  else if (name === 'clear') uploader.clear();
  else await new Promise((resolve) => setImmediate(resolve));
}
