// A file that was added before its site's policy was known is judged by it later.
import type { SitePolicy } from '../../../server/protocol.js';
import { findRejection, policyRestrictions } from '../restrictions.js';
import { UploadError } from '../upload-error.js';
import type { Run } from './run.js';

/** @throws {UploadError} When the site refuses the file. */
export function admit({ upload, list }: Pick<Run, 'upload' | 'list'>, policy: SitePolicy): void {
  if (upload.isAdmitted) return;
  const rejection = findRejection(upload.picked.file, [policyRestrictions(policy)], list.admitted);
  if (rejection) throw new UploadError(rejection.code, rejection.message, { ...rejection, retryable: false });
  list.admit(upload);
}
