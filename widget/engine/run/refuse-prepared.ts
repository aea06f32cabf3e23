// What is sent must be accepted, too: a file that turns out to be of another type than it claimed, a picture once it is made.
import { acceptedType, type NamedType } from '../../../server/rules/accept.js';
import { judgeSize, type Restrictions } from '../restrictions.js';
import { UploadError } from '../upload-error.js';

/**
 * @param file - With the type of its content.
 * @param limits - Every set of limits that applies.
 * @throws {UploadError} `type-not-allowed` when one of them does not take such files.
 */
export function refuseTrueType(file: NamedType, limits: readonly Restrictions[]): void {
  for (const { accept = [], refusesActiveTypes = false } of limits) {
    if (acceptedType(file, { accept, unsafeActiveTypes: !refusesActiveTypes }) !== undefined) continue;
    const message = `The content of this file is ${file.type}, which is not accepted.`;
    throw new UploadError('type-not-allowed', message, { retryable: false, accept });
  }
}

/** @throws {UploadError} `file-too-large` or `file-too-small`. @param size - Of what is sent, in bytes. */
export function refuseTrueSize(size: number, limits: readonly Restrictions[]): void {
  for (const limit of limits) {
    const misfit = judgeSize(size, limit);
    if (misfit) throw new UploadError(misfit.code, misfit.message, { ...misfit, retryable: false });
  }
}
