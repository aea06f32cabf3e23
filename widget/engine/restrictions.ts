// Which chosen files are taken: the element's attributes narrowed by the site's policy (pure).
import type { ErrorCode, SitePolicy } from '../../server/protocol.js';
import { acceptedType, extensionOf, isActive } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';

/** Undefined or empty means no limit. */
export interface Restrictions {
  readonly accept?: readonly string[];
  readonly minSizeBytes?: number;
  readonly maxSizeBytes?: number;
  readonly maxTotalSizeBytes?: number;
  readonly maxFiles?: number;
  /** Refuses html, svg, scripts and the like. Only a site's policy decides this; attributes can neither grant nor withhold it. */
  readonly refusesActiveTypes?: boolean;
}

/** A file that was not taken, and why. */
export interface Rejection {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly code: ErrorCode;
  /** English sentence for logs. */
  readonly message: string;
  /** The limit that was met, in bytes or files. */
  readonly limit?: number;
  /** Tokens that would be accepted, with `type-not-allowed`. */
  readonly accept?: readonly string[];
}

export interface Candidate {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** What is listed already. */
export interface Taken {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Judges one file.
 * @param limits - Every set of limits that applies; a file must pass all of them.
 * @returns Why the file is refused, or `undefined` when it is taken.
 */
export function findRejection(
  file: Candidate,
  limits: readonly Restrictions[],
  taken: Taken,
): Rejection | undefined {
  for (const limit of limits) {
    const rejection = judge(file, limit, taken);
    if (rejection) return { name: file.name, size: file.size, type: file.type, ...rejection };
  }
  return undefined;
}

/** The part of a site's policy that restricts files. */
export function policyRestrictions(policy: SitePolicy): Restrictions {
  return {
    accept: policy.accept,
    // The policy has no flag of its own for active content: a site that names such a type means it.
    refusesActiveTypes: !policy.accept.some(isActiveToken),
    ...(policy.minSizeBytes === null ? {} : { minSizeBytes: policy.minSizeBytes }),
    ...(policy.maxSizeBytes === null ? {} : { maxSizeBytes: policy.maxSizeBytes }),
    ...(policy.maxTotalSizeBytes === null ? {} : { maxTotalSizeBytes: policy.maxTotalSizeBytes }),
    ...(policy.maxFiles === null ? {} : { maxFiles: policy.maxFiles }),
  };
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'type-not-allowed',
  'file-too-large',
  'file-too-small',
  'too-many-files',
  'total-too-large',
]);

/** True for the codes of this rule: such a file was never taken, and counts for no limit. */
export function isRefusal(code: ErrorCode): boolean {
  return REFUSALS.has(code);
}

type Verdict = Pick<Rejection, 'code' | 'message' | 'limit' | 'accept'>;

function judge(file: Candidate, limits: Restrictions, taken: Taken): Verdict | undefined {
  const { accept = [], maxTotalSizeBytes = Infinity, maxFiles = Infinity } = limits;
  if (acceptedType(file, { accept, unsafeActiveTypes: !limits.refusesActiveTypes }) === undefined) {
    return { code: 'type-not-allowed', message: 'This type of file is not accepted.', accept };
  }
  // What becomes of a picture is judged once it is made.
  const misfit = PICTURE.test(file.type) ? undefined : judgeSize(file.size, limits);
  if (misfit) return misfit;
  if (taken.count + 1 > maxFiles)
    return verdict('too-many-files', `At most ${maxFiles} are taken.`, maxFiles);
  if (taken.bytes + file.size > maxTotalSizeBytes)
    return verdict('total-too-large', `All together exceed ${maxTotalSizeBytes} bytes.`, maxTotalSizeBytes);
  return undefined;
}

/** Kinds that may be scaled down before they are sent. */
const PICTURE = /^image\/(jpe?g|png|webp|avif|hei[cf])$/;

/** Judges the bytes that are sent. */
export function judgeSize(
  size: number,
  { minSizeBytes = 0, maxSizeBytes = Infinity }: Restrictions,
): Verdict | undefined {
  if (size > maxSizeBytes)
    return verdict('file-too-large', `It exceeds ${maxSizeBytes} bytes.`, maxSizeBytes);
  if (size < minSizeBytes)
    return verdict('file-too-small', `It is under ${minSizeBytes} bytes.`, minSizeBytes);
  return undefined;
}

function verdict(code: ErrorCode, message: string, limit: number): Verdict {
  return { code, message, limit };
}

function isActiveToken(token: string): boolean {
  const extension = token.trim().startsWith('.') ? extensionOf(token) : '';
  return isActive(EXTENSION_TYPES.get(extension) ?? token.trim().toLowerCase(), extension);
}
