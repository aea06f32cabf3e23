// Dropped items → files: folders with all their levels.
import type { PickedFile } from '../engine/ports.js';
import type { Dropped, RefusedFolder, Taken } from './read-drop.js';

// What file systems add to folders by themselves.
const LITTER = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

/** One after the other keeps the order; a folder that cannot be read does not stop the others. */
export async function openAll(items: readonly Taken[]): Promise<Dropped> {
  const picked: PickedFile[] = [];
  const refusedFolders: RefusedFolder[] = [];
  for (const item of items) {
    if ('file' in item) picked.push(item);
    else {
      await walk(item.folder, picked).catch(() =>
        refusedFolders.push({ name: item.folder.name, code: 'file-unreadable' }),
      );
    }
  }
  return { picked, refusedFolders };
}

async function walk(entry: FileSystemEntry, picked: PickedFile[]): Promise<void> {
  if (LITTER.has(entry.name.toLowerCase())) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    picked.push({ file, relativePath: entry.fullPath.replace(/^\//, '') });
  } else if (isFolder(entry)) {
    for await (const child of childrenOf(entry)) await walk(child, picked);
  }
}

/** All entries of a folder: browsers hand them out in batches of 100 until an empty one. */
async function* childrenOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  for (let batch = await next(); batch.length > 0; batch = await next()) yield* batch;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
