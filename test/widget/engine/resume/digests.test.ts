// Fingerprints, digests of parts, and claims where there are no locks.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import type { Hasher } from '../../../../widget/engine/md5/hasher.js';
import { createHasher } from '../../../../widget/engine/md5/hasher.js';
import { claimUpload, heldElsewhere } from '../../../../widget/engine/resume/claim.js';
import { fingerprint } from '../../../../widget/engine/resume/fingerprint.js';
import { digestPart } from '../../../../widget/engine/resume/part-digest.js';

const KIB = 1024;
const never = () => new AbortController().signal;
const hasher = createHasher();
const noHasher: Hasher = { md5: () => Promise.reject(new Error('asked')) };
const fingerprintOf = (bytes: Uint8Array<ArrayBuffer>) => fingerprint(new Blob([bytes]), noHasher, never());
const md5Of = (...pieces: readonly Uint8Array[]) =>
  createHash('md5').update(Buffer.concat(pieces)).digest('base64');

function changed(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** As on a page that came by plain http. */
function withoutSubtle(t: TestContext): void {
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
  t.after(() => Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true }));
}

describe('a fingerprint', () => {
  const source = new Uint8Array(randomBytes(2_000 * KIB));

  it('is the same for the same bytes', async () => {
    const first = await fingerprintOf(source);

    assert.equal(await fingerprintOf(source.slice()), first);
    assert.match(first, /^[A-Za-z0-9+/]{43}=$/);
  });

  it('sees every change of a small file', async () => {
    const size = fc.integer({ min: 1, max: 256 * KIB });
    const bytes = source.subarray(0, 256 * KIB);

    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (length, seed) => {
        const file = bytes.subarray(0, length);

        assert.notEqual(await fingerprintOf(changed(file, seed % length)), await fingerprintOf(file));
      }),
      { numRuns: 50 },
    );
  });

  it('sees changes of size and at both ends of a large file', async () => {
    const first = await fingerprintOf(source);
    const last = source.length - 1;

    for (const at of [0, 64 * KIB - 1, last - 64 * KIB + 1, last])
      assert.notEqual(await fingerprintOf(changed(source, at)), first, `at ${at}`);
    assert.notEqual(await fingerprintOf(Buffer.concat([source, new Uint8Array(1)])), first);
  });

  for (const { parts, bytes } of [
    { parts: 2, bytes: source },
    { parts: 8, bytes: new Uint8Array(17 * KIB * KIB) },
  ]) {
    it(`sees a change of 1/${parts} between the ends of ${bytes.length / KIB} KiB`, async () => {
      const first = await fingerprintOf(bytes);
      const between = bytes.length - 128 * KIB;

      for (let part = 0; part < parts; part += 1) {
        const start = 64 * KIB + Math.floor((part * between) / parts);
        const other = bytes.slice();
        other.fill(1, start, start + Math.ceil(between / parts));
        assert.notEqual(await fingerprintOf(other), first, `part ${part}`);
      }
    });
  }

  it('reads 256 KiB of a huge file', async () => {
    const size = 5 * KIB ** 4;
    let readBytes = 0;
    const slice = (start: number, end = size) => {
      readBytes += end - start;
      return new Blob();
    };

    await fingerprint({ size, slice } as unknown as Blob, noHasher, never());

    assert.equal(readBytes, 256 * KIB);
  });

  it('is an MD5 where the page came by plain http', async (t) => {
    withoutSubtle(t);

    const text = await fingerprint(new Blob(['abc']), hasher, never());

    assert.equal(text, md5Of(Buffer.from('3\nabc')));
  });

  it('ends with the reason of its signal', async () => {
    await assert.rejects(
      fingerprint(new Blob(['abc']), hasher, AbortSignal.abort(new Error('over'))),
      /over/,
    );
  });

  it('tells when the file cannot be read', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerprint-'));
    t.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'file');
    await writeFile(path, source);
    const file = await openAsBlob(path);
    await writeFile(path, 'shorter');

    await assert.rejects(fingerprint(file, noHasher, never()), { name: 'NotReadableError' });
    await assert.rejects(hasher.md5(file, never()), { name: 'NotReadableError' });
  });
});

describe('the digest of a part', () => {
  const part = randomBytes(1_000 * KIB);

  it('is the Content-MD5 of the whole', async () => {
    const digest = await digestPart(new Blob([part]), { isWhole: true, hasher, signal: never() });

    assert.equal(digest, md5Of(part));
  });

  it('is of first, middle and last 64 KiB otherwise', async () => {
    const digest = await digestPart(new Blob([part]), { isWhole: false, hasher, signal: never() });

    const middle = (1_000 * KIB) / 2 - 32 * KIB;
    assert.equal(
      digest,
      md5Of(part.subarray(0, 64 * KIB), part.subarray(middle, middle + 64 * KIB), part.subarray(-64 * KIB)),
    );
  });

  it('is of everything when the part is small', async () => {
    const small = part.subarray(0, 192 * KIB);

    const digest = await digestPart(new Blob([small]), { isWhole: false, hasher, signal: never() });

    assert.equal(digest, md5Of(small));
  });
});

describe('a claim where there are no locks', () => {
  it('is always granted', async (t) => {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    t.after(() => {
      if (descriptor) Object.defineProperty(globalThis, 'navigator', descriptor);
      else Reflect.deleteProperty(globalThis, 'navigator');
    });

    const first = await claimUpload('a');
    const second = await claimUpload('a');

    assert.equal(typeof first, 'function');
    assert.equal(typeof second, 'function');
    assert.equal((await heldElsewhere(['a'])).size, 0);
  });
});
