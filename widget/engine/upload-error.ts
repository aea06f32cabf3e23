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
  /** Parts that storage lacks, with `parts-missing`. */
  readonly missing?: readonly number[] | undefined;
}

export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly storageCode: string;
  readonly persistence: Persistence;
  readonly retryAfterSeconds: number | undefined;
  readonly missing: readonly number[];
  readonly #quoted: Pick<UploadFailure, 'limit' | 'accept'>;

  constructor(code: ErrorCode, message: string, options: UploadErrorOptions) {
    const { limit, accept } = options;
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.status = options.status;
    this.storageCode = options.storageCode ?? '';
    this.persistence = options.persistence ?? 'none';
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.missing = options.missing ?? [];
    this.#quoted = { ...(limit === undefined ? {} : { limit }), ...(accept ? { accept } : {}) };
  }

  toFailure(): UploadFailure {
    return { code: this.code, message: this.message, retryable: this.retryable, ...this.#quoted };
  }
}

/** True for an error of one of these codes. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is UploadError {
  return error instanceof UploadError && codes.includes(error.code);
}
