// Every error that the signer answers with: code → status, title, and the two bodies they travel in.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ItemError, Problem, SignerErrorCode } from './protocol.js';

interface Kind {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
}

const KINDS: Readonly<Record<SignerErrorCode, Kind>> = {
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-name': { status: 400, title: 'The file name is not valid' },
  'invalid-size': { status: 400, title: 'The size is not valid' },
  'invalid-part': { status: 400, title: 'The part is not valid' },
  'file-too-small': { status: 400, title: 'The file is too small' },
  'ticket-missing': { status: 401, title: 'The ticket is missing' },
  'ticket-invalid': { status: 401, title: 'The ticket is not valid' },
  'ticket-expired': { status: 401, title: 'The ticket has expired' },
  'grant-required': { status: 401, title: 'This site requires a grant' },
  'grant-invalid': { status: 401, title: 'The grant is not valid' },
  'origin-required': { status: 403, title: 'The Origin header is required' },
  'origin-not-allowed': { status: 403, title: 'This origin is not allowed' },
  'site-disabled': { status: 403, title: 'This site is disabled' },
  'quota-exceeded': { status: 403, title: "The site's quota is used up" },
  'unknown-site': { status: 404, title: 'There is no such site' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', retryable: true },
  'not-uploaded': { status: 409, title: 'The file is not in storage', retryable: true },
  'parts-missing': { status: 409, title: 'Parts of the file are not in storage', retryable: true },
  'size-mismatch': { status: 409, title: 'The stored file has another size' },
  'type-mismatch': { status: 409, title: 'The stored file has another type' },
  conflict: { status: 409, title: 'The upload is in another state' },
  'upload-gone': { status: 410, title: 'The upload no longer exists in storage' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'total-too-large': { status: 413, title: 'The files together are too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'type-not-allowed': { status: 415, title: 'This type of file is not accepted' },
  'too-many-files': { status: 422, title: 'There are too many files' },
  'rate-limited': { status: 429, title: 'Too many requests', retryable: true },
  internal: { status: 500, title: 'The signer failed', retryable: true },
  'storage-error': { status: 502, title: 'Storage refused the request' },
  'storage-unavailable': { status: 503, title: 'Storage is not available', retryable: true },
  'shutting-down': { status: 503, title: 'The signer is shutting down', retryable: true },
  'storage-timeout': { status: 504, title: 'Storage did not answer in time', retryable: true },
};

export interface ProblemDetails {
  /** Path of the value at fault, such as `files[3].size`. */
  readonly field?: string;
  readonly retryAfterSeconds?: number;
  /** Part numbers that storage lacks. */
  readonly missing?: readonly number[];
}

/** What only the answer's head carries. */
export interface ProblemHead {
  /** The `Allow` header of a 405. */
  readonly allow?: string;
}

/** Thrown where a request cannot go on; never carries a secret, a key or a signed address. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: SignerErrorCode;
  readonly details: ProblemDetails;
  readonly head: ProblemHead;

  constructor(
    code: SignerErrorCode,
    detail: string,
    { cause, allow, ...details }: ProblemDetails & ProblemHead & { readonly cause?: unknown } = {},
  ) {
    super(detail, { cause });
    this.code = code;
    this.details = details;
    this.head = allow === undefined ? {} : { allow };
  }
}

/** What a thrown value is to a caller: anything unforeseen is told without its words. */
export function asProblemError(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  return new ProblemError('internal', 'The signer failed.', { cause: thrown });
}

/** One answer for every key that names no site, so that nobody learns more by asking. */
export function unknownSite(): ProblemError {
  return new ProblemError('unknown-site', 'There is no site with this key.');
}

/** The HTTP status of a code. */
export function statusOf(code: SignerErrorCode): number {
  return KINDS[code].status;
}

/** The body of an error answer. */
export function toProblem(
  error: ProblemError,
  requestId: string,
): Problem & { readonly status: ContentfulStatusCode } {
  const { status, title, retryable = false } = KINDS[error.code];
  return {
    type: `urn:b2-uploader:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    ...error.details,
    retryable,
    requestId,
  };
}

/** The error of one item in a list answer. */
export function toItemError(error: ProblemError, id?: string): ItemError {
  const { status, retryable = false } = KINDS[error.code];
  return {
    ...(id === undefined ? {} : { id }),
    code: error.code,
    status,
    detail: error.message,
    ...error.details,
    retryable,
  };
}
