// One upload as its Uploader keeps it: the only mutable record of the engine.
import type { PickedFile } from './ports.js';
import { isRefusal, type Taken } from './restrictions.js';
import { type FileSnapshot, takeSnapshot } from './snapshot.js';
import type { SpeedWindow } from './speed.js';
import type { RunMemory } from './upload-run.js';
import type { UploadState } from './upload-state.js';

export interface Upload {
  readonly id: string;
  readonly picked: PickedFile;
  state: UploadState;
  memory: RunMemory;
  speed: SpeedWindow;
  snapshot: FileSnapshot;
  /** Waits for its turn to run. */
  isDue: boolean;
  /** Whether the site's policy has taken it. */
  isAdmitted: boolean;
  /** Present while it runs. */
  controller: AbortController | undefined;
}

/** A queued upload. @param isAdmitted - Whether the site's policy was known when the file was taken. */
export function createUpload(id: string, picked: PickedFile, isAdmitted: boolean): Upload {
  const subject = { id, picked, state: { status: 'queued' }, speed: [] } as const;
  const snapshot = takeSnapshot({ ...subject, prepared: undefined });
  return {
    ...subject,
    snapshot,
    memory: {},
    isDue: false,
    isAdmitted,
    controller: undefined,
  };
}

/** True while it runs or waits for its turn to run. */
export function isActive({ isDue, controller }: Upload): boolean {
  return isDue || controller !== undefined;
}

/** What counts towards the limits: everything listed, but not what was refused. */
export function countTaken(uploads: readonly Upload[]): Taken {
  const taken = uploads.filter(({ state }) => state.status !== 'failed' || !isRefusal(state.error.code));
  const bytes = taken.reduce((sum, { picked }) => sum + picked.file.size, 0);
  return { count: taken.length, bytes };
}
