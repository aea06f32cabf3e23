// The one error that the engine throws: a code, a cause, and whether trying again makes sense.
import type { ErrorCode } from '../../server/protocol.js';
import type { UploadFailure } from './upload-state.js';

export interface UploadErrorOptions {
  readonly retryable: boolean;
  readonly cause?: unknown;
}

export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, { retryable, cause }: UploadErrorOptions) {
    super(message, { cause });
    this.code = code;
    this.retryable = retryable;
  }

  toFailure(): UploadFailure {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }
}
