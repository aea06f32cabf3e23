// Real files on disk for the page to choose from: sparse, with a mark of its own in each MiB, so that no two parts are equal.
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCase } from './cases.js';

const MARK_EVERY_BYTES = 2 ** 20;

/** @returns Paths in a new folder under `folder`. */
export async function createFiles(folder: string, { name, files }: BenchCase): Promise<readonly string[]> {
  const place = join(folder, name);
  await mkdir(place);
  const paths = Array.from({ length: files.count }, (_, index) =>
    join(place, `file-${String(index + 1).padStart(4, '0')}.zip`),
  );
  for (const [index, path] of paths.entries()) await writeMarked(path, files.bytes, index);
  return paths;
}

async function writeMarked(path: string, bytes: number, fileIndex: number): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.truncate(bytes);
    for (let offset = 0; offset + 16 <= bytes; offset += MARK_EVERY_BYTES) {
      const mark = Buffer.alloc(16);
      mark.writeUInt32LE(fileIndex + 1, 0);
      mark.writeDoubleLE(offset + 1, 8);
      await file.write(mark, 0, mark.length, offset);
    }
  } finally {
    await file.close();
  }
}
