// The MD5 of a body, with what a failed read means to the upload.
import { readError } from '../diagnose.js';
import type { Job } from './run.js';

/** @returns Base64. @throws {UploadError} When the body can no longer be read. */
export async function hashBody(
  { hasher }: Pick<Job, 'hasher'>,
  body: Blob,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await hasher.md5(body, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw readError(cause);
  }
}
