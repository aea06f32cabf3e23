// What page and thumbnail worker say to each other.

/**
 * How a picture is had: what the camera put into the file, or as the browser decodes it where that is nothing; as the
 * browser decodes it; or by the decoder for HEIC.
 */
export type PreviewWay = 'first' | 'decode' | 'heic';

export interface Preview {
  readonly picture: Blob;
  /** What the camera put into the file: a better one can be made. */
  readonly isEarly: boolean;
}

export interface ToPreviewWorker {
  readonly id: number;
  readonly blob: Blob;
  readonly way: PreviewWay;
}

export type FromPreviewWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  /** Without a preview when none can be made. */
  | { readonly type: 'done'; readonly id: number; readonly preview: Preview | undefined };
