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

/** What browsers make of images. */
const RENDITION_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'];

/** Whether a file was made of another one. */
export function isRendition({ rendition }: FileRequest): boolean {
  return rendition !== undefined;
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
  if (files.filter((file) => !isRendition(file)).length > maxFiles) {
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
  const rules = acceptRules(site, file, accept);
  if (!rules) {
    const detail = 'This site has no rendition of this name.';
    return new ProblemError('invalid-request', detail, { field: `${field}.rendition` });
  }
  const { unsafeActiveTypes } = site;
  const [type, ...others] = rules.map((rule) =>
    acceptedType({ name, type: file.type }, { accept: rule, unsafeActiveTypes }),
  );
  if (type === undefined || others.includes(undefined)) {
    return new ProblemError('type-not-allowed', 'Files of this type and extension are not accepted.', {
      field: `${field}.type`,
    });
  }
  const maxBytes = smallest(site.maxSizeBytes, maxObjectBytes);
  if (file.size > maxBytes) {
    const detail = `The file exceeds the limit of ${formatSize(maxBytes, 'en')} (${maxBytes} bytes).`;
    return new ProblemError('file-too-large', detail, { field: `${field}.size` });
  }
  // The minimum is about what people choose, not about what is made of it.
  if (!isRendition(file) && file.size < (site.minSizeBytes ?? 0)) {
    const detail = `The file is under the minimum of ${site.minSizeBytes} bytes.`;
    return new ProblemError('file-too-small', detail, { field: `${field}.size` });
  }
  return { request: file, name, type };
}

/**
 * The lists of tokens that a file has to pass, all of them.
 * A site gets the renditions that it names, whatever files it takes; where it names none, pages choose their own.
 * @returns Undefined for a rendition that the site does not name.
 */
function acceptRules(
  { accept, image }: Site,
  { rendition }: FileRequest,
  granted: readonly string[] | null,
): readonly (readonly string[])[] | undefined {
  const rules = granted === null ? [accept] : [accept, granted];
  if (rendition === undefined) return rules;
  if (image.renditions.length === 0) return [...rules, RENDITION_TYPES];
  return image.renditions.some(({ name }) => name === rendition) ? [RENDITION_TYPES] : undefined;
}

function smallest(...limits: readonly (number | null)[]): number {
  return Math.min(...limits.map((limit) => limit ?? Infinity));
}
