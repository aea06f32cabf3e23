// What page and hash worker say to each other.

export type ToWorker =
  | { readonly type: 'hash'; readonly id: number; readonly body: Blob | ArrayBuffer }
  | { readonly type: 'abort'; readonly id: number }
  /** Are you there? Asked while work is under way. */
  | { readonly type: 'ping' };

export type FromWorker =
  /** Said once: the worker runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'pong' }
  | { readonly type: 'done'; readonly id: number; readonly md5: string }
  /** Name and message of the read's error: not every browser sends a DOMException itself. */
  | { readonly type: 'failed'; readonly id: number; readonly name: string; readonly message: string };
