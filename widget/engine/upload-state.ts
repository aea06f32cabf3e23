// The states of one upload, what may happen to it, and the pure function that decides what comes next.
import type { CompletedFile, ErrorCode } from '../../server/protocol.js';

export type UploadState =
  | { readonly status: 'queued' }
  | { readonly status: 'preparing' }
  | { readonly status: 'signing' }
  | { readonly status: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly status: 'completing' }
  | { readonly status: 'complete'; readonly file: CompletedFile }
  | { readonly status: 'failed'; readonly error: UploadFailure };

export type UploadStatusName = UploadState['status'];

/** Why an upload stopped, as the list shows it. */
export interface UploadFailure {
  readonly code: ErrorCode;
  /** English sentence for logs; words for people come from the element's strings. */
  readonly message: string;
  /** Whether trying the same file again can help. */
  readonly retryable: boolean;
  /** What a message may quote: a limit in bytes or files, the accepted tokens. */
  readonly limit?: number;
  readonly accept?: readonly string[];
}

export type UploadEvent =
  | { readonly type: 'prepare' }
  | { readonly type: 'sign' }
  | { readonly type: 'send'; readonly totalBytes: number }
  | { readonly type: 'progress'; readonly sentBytes: number }
  | { readonly type: 'verify' }
  | { readonly type: 'complete'; readonly file: CompletedFile }
  | { readonly type: 'fail'; readonly error: UploadFailure }
  | { readonly type: 'retry' };

/**
 * Decides the next state.
 * @returns The same object when the event comes too late or does not apply.
 */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  if (state.status === 'complete') return state;
  if (state.status === 'failed') return event.type === 'retry' ? { status: 'queued' } : state;
  switch (event.type) {
    case 'prepare':
      return state.status === 'queued' ? { status: 'preparing' } : state;
    case 'sign':
      return state.status === 'preparing' ? { status: 'signing' } : state;
    case 'send':
      return state.status === 'signing'
        ? { status: 'uploading', sentBytes: 0, totalBytes: event.totalBytes }
        : state;
    case 'progress':
      // Progress that goes backwards is noise of the network stack.
      return state.status === 'uploading' && event.sentBytes > state.sentBytes
        ? { ...state, sentBytes: Math.min(event.sentBytes, state.totalBytes) }
        : state;
    case 'verify':
      // From `queued` when a retry learns that the earlier try had stored the file after all.
      return state.status === 'uploading' || state.status === 'queued' ? { status: 'completing' } : state;
    case 'complete':
      return state.status === 'completing' ? { status: 'complete', file: event.file } : state;
    case 'fail':
      return { status: 'failed', error: event.error };
    case 'retry':
      return state;
    default:
      return event satisfies never;
  }
}
