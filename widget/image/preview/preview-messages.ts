// What page and thumbnail worker say to each other: one image at a time.
export interface ToPreviewWorker {
  readonly blob: Blob;
  /** Only what the first bytes give at once. */
  readonly isGlance: boolean;
}

export type FromPreviewWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  /** Without a thumbnail when none can be made. */
  | { readonly type: 'done'; readonly thumbnail: Blob | undefined };
