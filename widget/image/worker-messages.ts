// What page and image worker say to each other.
import type { ImageErrorCode } from './image-error.js';
import type { TransformedImage } from './transform.js';
import type { ImageWishes } from './transform-plan.js';

export type ToWorker =
  | { readonly type: 'transform'; readonly id: number; readonly blob: Blob; readonly wishes: ImageWishes }
  | { readonly type: 'abort'; readonly id: number };

export type FromWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly image: TransformedImage }
  | { readonly type: 'failed'; readonly id: number; readonly code: ImageErrorCode; readonly message: string };
