// Packs: what was removed stays removed, and its room is given back.
import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PackStore } from '../../../server/local-bucket/disk/pack-store.js';
import { newBytes, sha256 } from '../../contracts/s3-store/test-bed.js';
import { newFolder } from './open-bucket.js';

const BLOB_BYTES = 60_000;

describe('the packs', () => {
  it('are written anew when half of them is gone, and keep every blob that is wanted', async (t) => {
    const dir = await newFolder(t);
    const packs = new PackStore(dir);
    assert.equal([...packs.load()].length, 0);
    const blobs = Array.from({ length: 1300 }, (_, number) => ({
      fileId: `blob-${number}`,
      body: Buffer.from(newBytes(BLOB_BYTES)),
    }));
    for (const [number, { fileId, body }] of blobs.entries()) packs.add(fileId, [body], recordOf(number));
    const kept = blobs.filter((_, number) => number % 10 === 0);
    for (const blob of blobs) if (!kept.includes(blob)) packs.remove(blob.fileId);
    packs.close();

    const again = new PackStore(dir);
    const found = [...again.load()];

    assert.deepEqual(found.map(({ fileId }) => fileId).sort(), kept.map(({ fileId }) => fileId).sort());
    for (const { fileId, body } of kept) assert.equal(readHash(again, fileId), sha256(body));
    assert.ok(bytesIn(dir) < 1.2 * kept.length * BLOB_BYTES, `${bytesIn(dir)} bytes are left`);
    again.close();
  });

  it('leave nothing when their last blob is gone', async (t) => {
    const dir = await newFolder(t);
    const packs = new PackStore(dir);
    for (const fileId of ['a', 'b']) packs.add(fileId, [Buffer.alloc(10)], recordOf(10));

    for (const fileId of ['a', 'b']) packs.remove(fileId);

    assert.deepEqual([packs.find('a'), readdirSync(dir)], [undefined, []]);
  });
});

function recordOf(sequence: number) {
  const times = { modifiedAtMs: 0, sequence };
  return { kind: 'part', uploadId: 'u', partNumber: 1, size: BLOB_BYTES, etag: '', ...times } as const;
}

function readHash(packs: PackStore, fileId: string): string {
  const { path, offset } = packs.find(fileId) ?? { path: '', offset: 0 };
  const file = openSync(path, 'r');
  const body = Buffer.alloc(BLOB_BYTES);
  readSync(file, body, 0, body.length, offset);
  closeSync(file);
  return sha256(body);
}

function bytesIn(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}
