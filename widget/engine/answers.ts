// What a signer's answer must look like before it is believed: caches, proxies and service workers answer too.
import type {
  CompletedFile,
  ErrorCode,
  ItemError,
  PutUpload,
  SignedRequest,
  SitePolicy,
} from '../../server/protocol.js';
import { UploadError } from './upload-error.js';

type Json = Readonly<Record<string, unknown>>;

/** An answer of the signer, read. */
export interface Answer {
  readonly ok: boolean;
  /** Undefined when it was not JSON. */
  readonly body: unknown;
}

export type Guard<T> = (value: unknown) => value is T;

/**
 * Reads the list of a batch call, whatever its status: when every item failed, the problem carries the list too.
 * @param guards - One per item that was asked for, in order.
 * @throws {UploadError} When the answer as a whole is a problem, or is none of the signer's.
 */
export function readList<T>(
  answer: Answer,
  name: string,
  guards: readonly Guard<T>[],
): readonly (T | UploadError)[] {
  const items = isJson(answer.body) ? answer.body[name] : undefined;
  if (!Array.isArray(items) || items.length !== guards.length) throw answerError(answer);
  return guards.map((guard, index) => {
    const item: unknown = items[index];
    if (isJson(item) && isProblem(item.error)) return problemError(item.error);
    return guard(item) ? item : unexpectedAnswer();
  });
}

/** The error that an answer without the expected content stands for. */
export function answerError({ ok, body }: Answer): UploadError {
  return !ok && isProblem(body) ? problemError(body) : unexpectedAnswer();
}

/** Position of the item that made the signer refuse a whole call, such as 3 from `files[3].name`. */
export function faultyItem({ ok, body }: Answer): number | undefined {
  if (ok || !isProblem(body)) return undefined;
  const index = /^\w+\[(\d+)\]/.exec(body.field ?? '')?.[1];
  return index === undefined ? undefined : Number(index);
}

export function isSitePolicy(value: unknown, siteKey: string): value is SitePolicy {
  return (
    isJson(value) &&
    value.siteKey === siteKey &&
    isStrings(value.accept) &&
    isLimit(value.minSizeBytes) &&
    isLimit(value.maxSizeBytes) &&
    isLimit(value.maxTotalSizeBytes) &&
    isLimit(value.maxFiles) &&
    isJson(value.image) &&
    isLimit(value.image.maxWidth) &&
    isLimit(value.image.maxHeight) &&
    typeof value.image.quality === 'number'
  );
}

export function isPutUpload(value: unknown): value is PutUpload {
  return (
    isJson(value) &&
    hasStrings(value, ['id', 'ticket']) &&
    value.strategy === 'put' &&
    isSignedRequest(value.request)
  );
}

export function isSignature(
  value: unknown,
): value is { readonly id: string; readonly request: SignedRequest } {
  return isJson(value) && hasStrings(value, ['id']) && isSignedRequest(value.request);
}

export function isCompletedFile(value: unknown): value is CompletedFile {
  return (
    isJson(value) &&
    hasStrings(value, ['id', 'key', 'url', 'name', 'type', 'etag', 'receipt']) &&
    typeof value.size === 'number'
  );
}

function isSignedRequest(value: unknown): value is SignedRequest {
  return (
    isJson(value) &&
    value.method === 'PUT' &&
    typeof value.url === 'string' &&
    /^https?:\/\//.test(value.url) &&
    typeof value.expiresInSeconds === 'number' &&
    isJson(value.headers) &&
    isStrings(Object.values(value.headers))
  );
}

function isProblem(value: unknown): value is ItemError {
  return (
    isJson(value) &&
    isCode(value.code) &&
    typeof value.detail === 'string' &&
    typeof value.retryable === 'boolean'
  );
}

/** Kebab-case, so that no name of `Object.prototype` passes for a code. */
function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && /^(internal|conflict|aborted|[a-z]+(-[a-z]+)+)$/.test(value);
}

function problemError({ code, detail, retryable }: ItemError): UploadError {
  return new UploadError(code, detail, { retryable });
}

function unexpectedAnswer(): UploadError {
  return new UploadError('signer-unreachable', 'The answer is not one of the signing service.', {
    retryable: true,
  });
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function hasStrings(value: Json, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function isLimit(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}
