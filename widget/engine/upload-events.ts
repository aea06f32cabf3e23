// The events that an Uploader dispatches.
import type { FileSnapshot } from './snapshot.js';

export interface UploadChange {
  readonly file: FileSnapshot;
  /** The snapshot before; undefined when the file was just added. */
  readonly previous: FileSnapshot | undefined;
  /** True when the file left the list. */
  readonly removed: boolean;
}

/** A file was added, changed, moved (same snapshot as before) or removed. Progress comes at most ten times a second per file. */
export class UploadChangeEvent extends Event implements UploadChange {
  declare readonly file: FileSnapshot;
  declare readonly previous: FileSnapshot | undefined;
  declare readonly removed: boolean;

  constructor(change: UploadChange) {
    super('change');
    Object.assign(this, change);
  }
}

/** Nothing is left to do: every file that was started is complete, failed or removed. */
export class UploadIdleEvent extends Event {
  declare readonly succeeded: readonly FileSnapshot[];
  declare readonly failed: readonly FileSnapshot[];

  constructor(succeeded: readonly FileSnapshot[], failed: readonly FileSnapshot[]) {
    super('idle');
    Object.assign(this, { succeeded, failed });
  }
}
