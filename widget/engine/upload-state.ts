// The states of one upload, what may happen to it, and the pure function that decides what comes next.
import type { CompletedFile, ErrorCode } from '../../server/protocol.js';

export type UploadState =
  | ActiveState
  /** Works again by itself at `retryAtMs` (monotonic), or when the network is back. */
  | {
      readonly status: 'waiting';
      readonly reason: ErrorCode;
      readonly attempt: number;
      readonly retryAtMs: number;
      /** What goes on then. */
      readonly during: ActiveState;
    }
  | { readonly status: 'paused'; readonly sentBytes: number }
  | { readonly status: 'complete'; readonly file: CompletedFile }
  | { readonly status: 'failed'; readonly error: UploadFailure };

/** Waits for its turn, or is worked on. */
export type ActiveState =
  | { readonly status: 'queued' }
  | { readonly status: 'preparing' }
  | { readonly status: 'signing' }
  | { readonly status: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly status: 'completing' };

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
  | { readonly type: 'send'; readonly totalBytes: number; readonly sentBytes?: number }
  | { readonly type: 'progress'; readonly sentBytes: number }
  | {
      readonly type: 'wait';
      readonly reason: ErrorCode;
      readonly attempt: number;
      readonly retryAtMs: number;
    }
  | { readonly type: 'go-on' }
  | { readonly type: 'verify' }
  /** Storage has lost what was sent: everything is sent again. */
  | { readonly type: 'restart' }
  | { readonly type: 'complete'; readonly file: CompletedFile }
  | { readonly type: 'fail'; readonly error: UploadFailure }
  | { readonly type: 'retry' }
  | { readonly type: 'pause'; readonly sentBytes: number }
  | { readonly type: 'resume' };

/**
 * Decides the next state.
 * @returns The same object when the event comes too late or does not apply.
 */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  switch (state.status) {
    case 'complete':
      return state;
    case 'failed':
      return event.type === 'retry' ? { status: 'queued' } : state;
    case 'paused':
      return event.type === 'resume' ? { status: 'queued' } : state;
    case 'waiting':
      return endWait(state, event);
    default:
      return advance(state, event);
  }
}

/** Whatever happens to the upload itself ends the wait; a new wait takes the place of the old one. */
function endWait(state: UploadState & { readonly status: 'waiting' }, event: UploadEvent): UploadState {
  if (event.type === 'go-on') return state.during;
  const next = advance(state.during, event);
  return next === state.during ? state : next;
}

function advance(state: ActiveState, event: UploadEvent): UploadState {
  switch (event.type) {
    case 'prepare':
      return state.status === 'queued' ? { status: 'preparing' } : state;
    case 'sign':
      return state.status === 'queued' || state.status === 'preparing' ? { status: 'signing' } : state;
    case 'send':
      return { status: 'uploading', sentBytes: event.sentBytes ?? 0, totalBytes: event.totalBytes };
    case 'progress':
      // Progress that goes backwards is noise of the network stack, or a part that is sent again.
      return state.status === 'uploading' && event.sentBytes > state.sentBytes
        ? { ...state, sentBytes: Math.min(event.sentBytes, state.totalBytes) }
        : state;
    case 'wait': {
      const { reason, attempt, retryAtMs } = event;
      return { status: 'waiting', reason, attempt, retryAtMs, during: state };
    }
    case 'verify':
      return state.status === 'completing' ? state : { status: 'completing' };
    case 'restart':
      return { status: 'signing' };
    case 'complete':
      return state.status === 'completing' ? { status: 'complete', file: event.file } : state;
    case 'fail':
      return { status: 'failed', error: event.error };
    case 'pause':
      return { status: 'paused', sentBytes: event.sentBytes };
    default:
      // Commands that come too late or do not apply.
      return (event.type satisfies 'go-on' | 'retry' | 'resume') && state;
  }
}
