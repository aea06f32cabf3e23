// The one error that the engine throws: a code, a cause, and whether trying again makes sense.
import type { ErrorCode } from '../../server/protocol.js';
import type { UploadFailure } from './upload-state.js';

export interface UploadErrorOptions extends Pick<UploadFailure, 'limit' | 'accept'> {
  readonly retryable: boolean;
  readonly cause?: unknown;
  /** HTTP status that storage answered with; 0 when there was no answer. */
  readonly status?: number;
}

export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly #quoted: Pick<UploadFailure, 'limit' | 'accept'>;

  constructor(code: ErrorCode, message: string, options: UploadErrorOptions) {
    const { retryable, cause, status, limit, accept } = options;
    super(message, { cause });
    this.code = code;
    this.retryable = retryable;
    this.status = status;
    this.#quoted = { ...(limit === undefined ? {} : { limit }), ...(accept ? { accept } : {}) };
  }

  toFailure(): UploadFailure {
    return { code: this.code, message: this.message, retryable: this.retryable, ...this.#quoted };
  }
}
