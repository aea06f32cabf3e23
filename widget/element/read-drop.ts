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

/** A dropped item, as it is while the event lasts. */
export type Taken = PickedFile | { readonly folder: FileSystemDirectoryEntry };

/** Chromium only, and not in every list of types. */
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

// Smaller files are sent before anybody could leave, and a drop of thousands has no time for them.
const WORTH_A_HANDLE_BYTES = 1_000_000;

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
  if (found.length === 0) found.push(...Array.from(transfer.files, (file) => ({ file })));
  const picked: PickedFile[] = [];
  const kept: Taken[] = [];
  const refusedFolders: RefusedFolder[] = [];
  for (const one of found) {
    if (!one) continue;
    const isFolder = 'folder' in one;
    if (!isFolder) picked.push(one);
    if (!isFolder || opensFolders) kept.push(one);
    else refusedFolders.push({ name: one.folder.name, code: 'folder-not-allowed' });
  }
  if (kept.length === picked.length) return { picked, refusedFolders };
  return open(kept, picked, refusedFolders);
}

/** A file of a dialog, with its path when a folder was chosen. */
export function toPicked(file: File): PickedFile {
  return file.webkitRelativePath ? { file, relativePath: file.webkitRelativePath } : { file };
}

function takeItem(item: DataTransferItem): Taken | undefined {
  const entry = item.webkitGetAsEntry?.() ?? null;
  if (isFolder(entry)) return { folder: entry };
  const file = item.getAsFile();
  if (!file) return undefined;
  const askable: HandleItem = item;
  const handle = file.size < WORTH_A_HANDLE_BYTES ? undefined : askable.getAsFileSystemHandle?.();
  return handle ? { file, handle: handle.catch(() => null) } : { file };
}

/** Opening is a part of its own; when it does not arrive, the files are taken without. */
async function open(
  kept: readonly Taken[],
  files: readonly PickedFile[],
  refused: readonly RefusedFolder[],
): Promise<Dropped> {
  try {
    const { openAll } = await import('./open-dropped.js');
    const { picked, refusedFolders } = await openAll(kept);
    return { picked, refusedFolders: [...refused, ...refusedFolders] };
  } catch {
    const refusedFolders = [...refused];
    for (const one of kept) {
      if ('folder' in one) refusedFolders.push({ name: one.folder.name, code: 'file-unreadable' });
    }
    return { picked: files, refusedFolders };
  }
}

// By their flags: entries are told apart so, and their classes are not named in every browser.
function isFolder(entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry {
  return entry?.isDirectory ?? false;
}
