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
  readonly file: FileSnapshot;
  readonly previous: FileSnapshot | undefined;
  readonly removed: boolean;

  constructor({ file, previous, removed }: UploadChange) {
    super('change');
    this.file = file;
    this.previous = previous;
    this.removed = removed;
  }
}

/** Nothing is left to do: every file that was started is complete, failed or removed. */
export class UploadIdleEvent extends Event {
  readonly succeeded: readonly FileSnapshot[];
  readonly failed: readonly FileSnapshot[];

  constructor(succeeded: readonly FileSnapshot[], failed: readonly FileSnapshot[]) {
    super('idle');
    this.succeeded = succeeded;
    this.failed = failed;
  }
}
