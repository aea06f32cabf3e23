// Keeps two servers from sharing one folder: each would remove the other's unfinished files.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const lockedHere = new Set<string>();

/**
 * Locks a folder for this process.
 * @returns A function that gives it back. A killed process needs none: its number no longer answers.
 * @throws {Error} With code `ELOCKED` when a living process holds it.
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'lock');
  const owner = readOwner(path);
  const isHeld = lockedHere.has(dir) || (owner !== undefined && owner !== process.pid && isAlive(owner));
  if (isHeld) {
    throw Object.assign(
      new Error(`${dir} is in use by process ${owner}; stop it, or remove ${path} if it is something else`),
      { code: 'ELOCKED' },
    );
  }
  writeFileSync(path, String(process.pid));
  lockedHere.add(dir);
  return () => {
    lockedHere.delete(dir);
    rmSync(path, { force: true });
  };
}

function readOwner(path: string): number | undefined {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
