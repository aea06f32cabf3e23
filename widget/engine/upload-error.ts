// The one error that the engine throws: a code, a cause, and whether trying again makes sense.
import type { ErrorCode } from '../../server/protocol.js';
import type { UploadFailure } from './upload-state.js';

/** How long the engine itself tries again: `long` until nothing has moved for a quarter of an hour, `brief` a few times. */
export type Persistence = 'long' | 'brief' | 'none';

export interface UploadErrorOptions extends Pick<UploadFailure, 'limit' | 'accept'> {
  /** Whether the user's retry can help. */
  readonly retryable: boolean;
  readonly cause?: unknown;
  /** HTTP status that storage answered with; 0 when there was no answer. */
  readonly status?: number;
  /** Storage's own word, such as `SlowDown`; empty when it gave none. */
  readonly storageCode?: string;
  /** `none` when absent. */
  readonly persistence?: Persistence;
  readonly retryAfterSeconds?: number | undefined;
  /** The next try may come at once: what was wrong is not so for it. */
  readonly passesAtOnce?: boolean;
}

export class UploadError extends Error implements UploadErrorOptions {
  declare readonly code: ErrorCode;
  declare readonly retryable: boolean;
  declare readonly status?: number;
  declare readonly storageCode?: string;
  declare readonly persistence?: Persistence;
  declare readonly retryAfterSeconds?: number | undefined;
  declare readonly passesAtOnce?: boolean;
  declare readonly limit?: number;
  declare readonly accept?: readonly string[];

  constructor(code: ErrorCode, message: string, options: UploadErrorOptions) {
    super(message);
    // Last, for a rejection has a name of its own: its file's.
    Object.assign(this, options, { code, name: 'UploadError' });
  }

  toFailure(): UploadFailure {
    const { code, message, retryable, limit, accept } = this;
    return {
      code,
      message,
      retryable,
      ...(limit === undefined ? {} : { limit }),
      ...(accept ? { accept } : {}),
    };
  }
}

/** True for an error of one of these codes. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is UploadError {
  return error instanceof UploadError && codes.includes(error.code);
}
