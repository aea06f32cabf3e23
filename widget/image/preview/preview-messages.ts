// What page and thumbnail worker say to each other.

/** How a picture is had: what the camera put into the file, as the browser decodes it, or by the decoder for HEIC. */
export type PreviewWay = 'glance' | 'decode' | 'heic';

export interface ToPreviewWorker {
  readonly id: number;
  readonly blob: Blob;
  readonly way: PreviewWay;
}

export type FromPreviewWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  /** Without a picture when none can be made. */
  | { readonly type: 'done'; readonly id: number; readonly picture: Blob | undefined };
