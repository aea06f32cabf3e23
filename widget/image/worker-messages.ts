// What page and image worker say to each other.
import type { ImageErrorCode } from './image-error.js';
import type { ImageSet } from './transform-all.js';
import type { ImageSetWishes } from './transform-plan.js';

export type ToWorker =
  | { readonly type: 'transform'; readonly id: number; readonly blob: Blob; readonly wishes: ImageSetWishes }
  | { readonly type: 'abort'; readonly id: number };

export type FromWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly images: ImageSet }
  | { readonly type: 'failed'; readonly id: number; readonly code: ImageErrorCode; readonly message: string };
