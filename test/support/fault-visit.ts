// What visits of a fault page have in common: a file that stops half-way, and what must have become of it.
import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import type { Page } from 'playwright-core';
import { sourceOf } from './bucket-oracle.js';
import { choose, type FaultPage, finished } from './fault-page.js';
import { eventually, PART_BYTES } from './fault-run.js';

/** Three parts, the last one smaller. */
export const IN_PARTS_BYTES = 3 * PART_BYTES - 1_000_000;

/** A file of three parts: two are stored, which the page has noted, the third hangs. */
export async function stopAtThird(
  pages: FaultPage,
  times = Infinity,
  before?: Parameters<FaultPage['open']>[0],
) {
  const { storage } = pages.stage;
  storage.rules.add({ method: 'PUT', partNumber: 3, times, action: { stallAfterBytes: 100_000 } });
  const path = await pages.makeFile(IN_PARTS_BYTES);
  const page = await pages.open(before);
  await choose(page, path);
  await eventually(async () => assert.equal(storage.log.select({ method: 'PUT', status: 200 }).length, 2));
  await eventually(async () => assert.ok(storage.log.select({ method: 'PUT', partNumber: 3 }).length > 0));
  // A page that dies before it has heard of a part cannot know it again.
  await eventually(async () => assert.equal(await page.evaluate(countNoted), 2));
  return { page, path };
}

/** Parts that the page would know again. It has made the database before it sends anything large. */
function countNoted(): Promise<number> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('b2-uploader');
    opening.addEventListener('success', () => {
      const counting = opening.result.transaction('digests').objectStore('digests').count();
      counting.addEventListener('success', () => {
        opening.result.close();
        resolve(counting.result);
      });
    });
  });
}

/** Complete, and in the bucket once and whole. */
export async function assertStored({ stage }: FaultPage, page: Page, path: string): Promise<void> {
  const [file] = await finished(page);
  assert.equal(file?.error?.code ?? file?.status, 'complete');
  await stage.verify([await sourceOf(await openAsBlob(path))]);
}

/** Stored, and the two parts that had arrived before were sent once. */
export async function assertResumed(pages: FaultPage, page: Page, path: string): Promise<void> {
  await assertStored(pages, page, path);
  for (const partNumber of [1, 2])
    assert.equal(pages.stage.storage.log.select({ method: 'PUT', partNumber }).length, 1);
}
