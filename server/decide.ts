// May this site put these files? Pure: a site's policy and a list of files in, a verdict for each out.
import { cleanFileName } from './file-name.js';
import { ProblemError } from './problem.js';
import type { FileRequest } from './protocol.js';
import { acceptedType } from './rules/accept.js';
import { formatSize } from './rules/sizes.js';
import type { Site } from './sites/site.js';

/** A file that passed: its name cleaned, its type normalised. */
export interface AcceptedFile {
  readonly request: FileRequest;
  readonly name: string;
  readonly type: string;
}

/** What narrows a site's policy further, such as a grant or the store's own limit; null means no limit. */
export interface Narrowing {
  readonly accept: readonly string[] | null;
  readonly maxFiles: number | null;
  readonly maxTotalSizeBytes: number | null;
  /** Largest object that the store takes. */
  readonly maxObjectBytes: number;
}

/**
 * Judges the files of one call.
 * @returns One verdict a file, in order.
 * @throws {ProblemError} `too-many-files` or `total-too-large`: the whole call fails.
 */
export function decide(
  site: Site,
  files: readonly FileRequest[],
  narrowing: Narrowing,
): readonly (AcceptedFile | ProblemError)[] {
  const maxFiles = smallest(site.maxFiles, narrowing.maxFiles);
  if (files.length > maxFiles) {
    throw new ProblemError('too-many-files', `At most ${maxFiles} files are accepted.`, { field: 'files' });
  }
  const maxTotal = smallest(site.maxTotalSizeBytes, narrowing.maxTotalSizeBytes);
  if (files.reduce((sum, file) => sum + file.size, 0) > maxTotal) {
    const detail = `The files together exceed ${formatSize(maxTotal, 'en')} (${maxTotal} bytes).`;
    throw new ProblemError('total-too-large', detail, { field: 'files' });
  }
  return files.map((file, index) => judge(site, file, { ...narrowing, field: `files[${index}]` }));
}

function judge(
  site: Site,
  file: FileRequest,
  { accept, maxObjectBytes, field }: Narrowing & { readonly field: string },
): AcceptedFile | ProblemError {
  const name = cleanFileName(file.name);
  const { unsafeActiveTypes } = site;
  const type = acceptedType({ name, type: file.type }, { accept: site.accept, unsafeActiveTypes });
  const granted = accept === null || acceptedType({ name, type: file.type }, { accept, unsafeActiveTypes });
  if (type === undefined || !granted) {
    return new ProblemError('type-not-allowed', 'Files of this type and extension are not accepted.', {
      field: `${field}.type`,
    });
  }
  const maxBytes = smallest(site.maxSizeBytes, maxObjectBytes);
  if (file.size > maxBytes) {
    const detail = `The file exceeds the limit of ${formatSize(maxBytes, 'en')} (${maxBytes} bytes).`;
    return new ProblemError('file-too-large', detail, { field: `${field}.size` });
  }
  if (file.size < (site.minSizeBytes ?? 0)) {
    const detail = `The file is under the minimum of ${site.minSizeBytes} bytes.`;
    return new ProblemError('file-too-small', detail, { field: `${field}.size` });
  }
  return { request: file, name, type };
}

function smallest(...limits: readonly (number | null)[]): number {
  return Math.min(...limits.map((limit) => limit ?? Infinity));
}
