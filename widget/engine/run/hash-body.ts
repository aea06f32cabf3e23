// The MD5 of a body, with what a failed read means to the upload.
import { readError } from '../diagnose.js';
import { UploadError } from '../upload-error.js';
import type { Job } from './run.js';

const PASSING = { retryable: true, persistence: 'long' } as const;

/** @returns Base64. @throws {UploadError} When the body can no longer be read. */
export function hashBody({ hasher }: Pick<Job, 'hasher'>, body: Blob, signal: AbortSignal): Promise<string> {
  return orReadError(hasher.md5(body, signal), signal);
}

/** @throws {UploadError} What a failed read of the file means. */
export async function orReadError<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    signal.throwIfAborted();
    // Not the file's fault: a part of the script did not arrive.
    if (cause instanceof TypeError)
      throw new UploadError('signer-unreachable', 'The script could not be loaded.', PASSING);
    throw readError(cause);
  }
}
