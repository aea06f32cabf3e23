// What an answer must look like before it is believed to be the signer's: caches, proxies and service workers answer too.
import type { ErrorCode, ItemError, SitePolicy } from '../../server/protocol.js';
import { judgeAnswer } from '../../server/rules/retry.js';
import { UploadError } from './upload-error.js';

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  /** Undefined when it was not JSON. */
  readonly body: unknown;
}

export type Json = Readonly<Record<string, unknown>>;

/** The error that an answer without the expected content stands for. */
export function answerError(answer: Answer): UploadError {
  return !isOk(answer) && isProblem(answer.body) ? problemError(answer.body) : unexpectedAnswer(answer);
}

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Whoever answered was not the signer: an edge that cannot reach it, a portal, a cache. */
export function unexpectedAnswer({ status, retryAfterSeconds }: Answer): UploadError {
  return new UploadError('signer-unreachable', 'The answer is not one of the signing service.', {
    retryable: true,
    persistence: judgeAnswer(status) === 'retry' ? 'long' : 'brief',
    retryAfterSeconds,
  });
}

/** Whether the upload itself has to change before the same call can succeed. */
const NEEDS_WORK: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['not-uploaded', 'parts-missing']);

export function problemError(problem: ItemError): UploadError {
  const { code, detail, retryable, retryAfterSeconds } = problem;
  const persistence = retryable && !NEEDS_WORK.has(code) ? 'long' : 'none';
  return new UploadError(code, detail, { retryable, persistence, retryAfterSeconds });
}

export function isProblem(value: unknown): value is ItemError {
  return (
    isJson(value) &&
    isCode(value.code) &&
    typeof value.detail === 'string' &&
    typeof value.retryable === 'boolean'
  );
}

export function isSitePolicy(value: unknown, siteKey: string): value is SitePolicy {
  return (
    isJson(value) &&
    value.siteKey === siteKey &&
    isStrings(value.accept) &&
    areLimits(value, ['minSizeBytes', 'maxSizeBytes', 'maxTotalSizeBytes', 'maxFiles']) &&
    isJson(value.image) &&
    areLimits(value.image, ['maxWidth', 'maxHeight']) &&
    typeof value.image.quality === 'number' &&
    isJson(value.multipart) &&
    typeof value.multipart.thresholdBytes === 'number' &&
    typeof value.integrity === 'boolean'
  );
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Kebab-case, so that no name of `Object.prototype` passes for a code. */
function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && /^(internal|conflict|[a-z]+(-[a-z]+)+)$/.test(value);
}

function areLimits(value: Json, names: readonly string[]): boolean {
  return names.every((name) => value[name] === null || typeof value[name] === 'number');
}
