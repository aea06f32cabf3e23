// The sending chunk is loaded with the first file: what is said when it does not come.
import assert from 'node:assert/strict';
import { register } from 'node:module';
import { test } from 'node:test';
import { FakeWorld, idle, only, pick, textFile } from './cold-world.js';

const LOSE_CHUNK = `export async function resolve(name, context, next) {
  if (/upload-run/.test(name)) throw new TypeError('Failed to fetch dynamically imported module');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(LOSE_CHUNK)}`);

for (const [isOnline, code] of [
  [true, 'signer-unreachable'],
  [false, 'offline'],
] as const) {
  test(`a chunk that does not come while ${isOnline ? 'online' : 'offline'} is ${code}`, async () => {
    Object.defineProperty(globalThis, 'navigator', { value: { onLine: isOnline }, configurable: true });
    const uploader = new FakeWorld().uploader();

    uploader.add(pick(textFile()));
    await idle(uploader);

    assert.deepEqual([only(uploader).error?.code, only(uploader).error?.retryable], [code, true]);
  });
}
