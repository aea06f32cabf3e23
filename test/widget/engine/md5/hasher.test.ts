// The hasher where no worker may start: on the calling thread, in Node.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createHasher } from '../../../../widget/engine/md5/hasher.js';

const MIB = 1024 * 1024;
const never = () => new AbortController().signal;
const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');

/** A file whose disk fails at some chunk, or which became shorter. */
function brokenBlob(size: number, read: (start: number, end: number) => Promise<ArrayBuffer>): Blob {
  const slice = (start: number, end: number) => ({ arrayBuffer: () => read(start, end) });
  return { size, slice } as unknown as Blob;
}

describe('a hasher without workers', () => {
  it('gives the MD5 of nothing', async () => {
    const md5 = await createHasher().md5(new Blob([]), never());

    assert.equal(md5, '1B2M2Y8AsgTpgAmY7PhCfg==');
  });

  it('agrees with another MD5 at every size around the ends of chunks', async () => {
    const hasher = createHasher();
    const around = fc
      .tuple(fc.constantFrom(0, 64, 16 * 1024, 64 * 1024, MIB, 2 * MIB), fc.integer({ min: -70, max: 70 }))
      .map(([size, more]) => Math.max(0, size + more));
    const source = randomBytes(2 * MIB + 70);

    await fc.assert(
      fc.asyncProperty(around, async (size) => {
        const bytes = source.subarray(0, size);

        assert.equal(await hasher.md5(new Blob([bytes]), never()), md5Of(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('hashes many bodies that come at once, each its own', async () => {
    const hasher = createHasher();
    const bodies = Array.from({ length: 50 }, (_, index) => randomBytes(index * 1000));

    const digests = await Promise.all(bodies.map((body) => hasher.md5(new Blob([body]), never())));

    assert.deepEqual(digests, bodies.map(md5Of));
  });

  it('lets others have their turn while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);

    await createHasher().md5(new Blob([randomBytes(48 * MIB)]), never());

    clearInterval(timer);
    assert.ok(turns >= 5, `${turns} turns`);
  });

  it('drops a waiting body and stops a running one, with the reason given, and goes on', async () => {
    const hasher = createHasher();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const long = new Blob([new Uint8Array(64 * MIB)]);

    const results = [
      hasher.md5(long, running.signal),
      hasher.md5(long, waiting.signal),
      hasher.md5(new Blob(['a']), never()),
    ].map((result) => result.catch((reason: unknown) => reason));
    waiting.abort('dropped');
    setTimeout(() => running.abort('stopped'), 5);

    assert.deepEqual(await Promise.all(results), ['stopped', 'dropped', 'DMF1ucDxtqgxw5niaXcmYQ==']);
  });

  it('refuses a signal that is aborted already', async () => {
    await assert.rejects(createHasher().md5(new Blob(['a']), AbortSignal.abort(new Error('over'))), /over/);
  });

  it('tells the error of the read, also of a later chunk', async () => {
    const gone = new DOMException('The file is gone.', 'NotFoundError');
    const body = brokenBlob(3 * MIB, async (start, end) => {
      if (start > MIB) throw gone;
      return new ArrayBuffer(end - start);
    });

    await assert.rejects(createHasher().md5(body, never()), gone);
  });

  it('gives back each chunk as soon as it is hashed', async () => {
    const given: ArrayBuffer[] = [];
    let mostBytes = 0;
    const body = brokenBlob(8 * MIB, async (start, end) => {
      given.push(new ArrayBuffer(end - start));
      mostBytes = Math.max(
        mostBytes,
        given.reduce((sum, { byteLength }) => sum + byteLength, 0),
      );
      return given.at(-1) as ArrayBuffer;
    });

    await createHasher().md5(body, never());

    assert.equal(given.length, 8);
    assert.equal(mostBytes, 2 * MIB);
  });

  it('takes a file that became shorter for one that cannot be read', async () => {
    const body = brokenBlob(2 * MIB, async () => new ArrayBuffer(10));

    await assert.rejects(createHasher().md5(body, never()), { name: 'NotReadableError' });
  });
});
