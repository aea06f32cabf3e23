// DataTransfer → files, folders too, in the order in which they were dropped.
import type { PickedFile } from '../engine/ports.js';

/** What came out of a drop or a paste. */
export interface Dropped {
  readonly picked: readonly PickedFile[];
  readonly refusedFolders: readonly RefusedFolder[];
}

/** A folder that was not opened, or could not be. */
export interface RefusedFolder {
  readonly name: string;
  readonly code: 'folder-not-allowed' | 'file-unreadable';
}

/** What a drag shows before the drop; browsers hide names until then. */
export interface DragPreview {
  /** 0 when the browser does not tell. */
  readonly count: number;
  readonly types: readonly string[];
}

// What file systems add to folders by themselves.
const LITTER = new Set(['.ds_store', 'thumbs.db', 'desktop.ini']);

/** True when a drag or a paste carries files. */
export function carriesFiles(transfer: DataTransfer | null): transfer is DataTransfer {
  return transfer?.types.includes('Files') ?? false;
}

export function previewDrag(transfer: DataTransfer): DragPreview {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  return { count: items.length, types: items.map((item) => item.type) };
}

/**
 * Reads what was dropped. The transfer is emptied as soon as the event is over, so its items are taken at once;
 * the answer is a promise only when there are folders to open.
 * @param opensFolders - Whether folders are read, all levels; otherwise they are refused.
 */
export function readDrop(transfer: DataTransfer, opensFolders: boolean): Dropped | Promise<Dropped> {
  const found = [...transfer.items].filter((item) => item.kind === 'file').map(takeItem);
  if (found.length === 0) found.push(...transfer.files);
  const files: PickedFile[] = [];
  const kept: (File | FileSystemDirectoryEntry)[] = [];
  const refusedFolders: RefusedFolder[] = [];
  for (const entry of found) {
    if (entry instanceof File) files.push({ file: entry });
    if (entry instanceof File || (entry && opensFolders)) kept.push(entry);
    else if (entry) refusedFolders.push({ name: entry.name, code: 'folder-not-allowed' });
  }
  return kept.length === files.length ? { picked: files, refusedFolders } : openAll(kept);
}

/** A file of a dialog, with its path when a folder was chosen. */
export function toPicked(file: File): PickedFile {
  return file.webkitRelativePath ? { file, relativePath: file.webkitRelativePath } : { file };
}

function takeItem(item: DataTransferItem): File | FileSystemDirectoryEntry | null {
  const entry = item.webkitGetAsEntry?.() ?? null;
  return isFolder(entry) ? entry : item.getAsFile();
}

// By their flags: entries are told apart so, and their classes are not named in every browser.
function isFolder(entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry {
  return entry?.isDirectory ?? false;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

async function openAll(entries: readonly (File | FileSystemDirectoryEntry)[]): Promise<Dropped> {
  const picked: PickedFile[] = [];
  const refusedFolders: RefusedFolder[] = [];
  // One after the other keeps the order; a folder that cannot be read does not stop the others.
  for (const entry of entries) {
    if (entry instanceof File) picked.push({ file: entry });
    else {
      await walk(entry, picked).catch(() =>
        refusedFolders.push({ name: entry.name, code: 'file-unreadable' }),
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
