// A body's MD5, and the bytes of a small one, with what a failed read means to the upload.
import { readError } from '../diagnose.js';
import { readRange } from '../md5/read-range.js';
import { UploadError } from '../upload-error.js';
import type { Job } from './run.js';

const SMALL_BYTES = 128 * 1024;
const PASSING = { retryable: true, persistence: 'long' } as const;

/** @returns Base64. @throws {UploadError} When the body can no longer be read. */
export function hashBody(
  { hasher }: Pick<Job, 'hasher'>,
  body: Blob | ArrayBuffer,
  signal: AbortSignal,
): Promise<string> {
  return orReadError(hasher.md5(body, signal), signal);
}

/**
 * To open a file costs more than the bytes of a small one: it is read once, and from then on hashed, known again and
 * sent from memory.
 * @returns Undefined when it is larger. @throws {UploadError} When it can no longer be read.
 */
export async function readSmall(body: Blob, signal: AbortSignal): Promise<ArrayBuffer | undefined> {
  if (body.size > SMALL_BYTES) return undefined;
  return orReadError(readRange(body, 0, body.size), signal);
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
