// Reads the list answers of the upload routes: each item has its own outcome, and is checked before it is used.
import type {
  CompletedFile,
  MultipartUpload,
  PutUpload,
  SignedPart,
  SignedRequest,
  UploadStatus,
} from '../../server/protocol.js';
import {
  type Answer,
  answerError,
  isJson,
  isOk,
  isProblem,
  isStrings,
  type Json,
  problemError,
  unexpectedAnswer,
} from './answer.js';
import type { UploadError } from './upload-error.js';

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
    return guard(item) ? item : unexpectedAnswer(answer);
  });
}

/** Position of the item that made the signer refuse a whole call unread, such as 3 from `files[3].name`. */
export function faultyItem(answer: Answer, list: string): number | undefined {
  // With a list, each item was judged, and all failed: the problem is only that of the first.
  if (isOk(answer) || !isProblem(answer.body) || list in answer.body) return undefined;
  const index = /^\w+\[(\d+)\]/.exec(answer.body.field ?? '')?.[1];
  return index === undefined ? undefined : Number(index);
}

export function isPlannedUpload(value: unknown): value is PutUpload | MultipartUpload {
  if (!isJson(value) || !hasStrings(value, ['id', 'ticket'])) return false;
  if (value.strategy === 'put') return isSignedRequest(value.request);
  return (
    value.strategy === 'multipart' &&
    isCount(value.partSize) &&
    isCount(value.partCount) &&
    areParts(value.parts)
  );
}

/** The signed requests of a single PUT, or of exactly the parts that were asked for. */
export function isSignature(
  value: unknown,
  partNumbers: readonly number[] | undefined,
): value is { readonly id: string; readonly request: SignedRequest; readonly parts: readonly SignedPart[] } {
  if (!isJson(value) || !hasStrings(value, ['id'])) return false;
  if (!partNumbers) return isSignedRequest(value.request);
  return (
    areParts(value.parts) &&
    value.parts.length === partNumbers.length &&
    value.parts.every(({ partNumber }, index) => partNumber === partNumbers[index])
  );
}

const STATES: readonly unknown[] = ['pending', 'partial', 'stored', 'gone'] satisfies UploadStatus['state'][];

export function isUploadStatus(value: unknown): value is UploadStatus {
  return (
    isJson(value) &&
    hasStrings(value, ['id']) &&
    STATES.includes(value.state) &&
    Array.isArray(value.parts) &&
    value.parts.every((part) => isJson(part) && isCount(part.partNumber) && typeof part.size === 'number')
  );
}

export function isCompletedFile(value: unknown): value is CompletedFile {
  return (
    isJson(value) &&
    hasStrings(value, ['id', 'key', 'url', 'name', 'type', 'etag', 'receipt']) &&
    typeof value.size === 'number'
  );
}

function areParts(value: unknown): value is readonly SignedPart[] {
  return (
    Array.isArray(value) &&
    value.every((part) => isJson(part) && isCount(part.partNumber) && isSignedRequest(part.request))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
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

function hasStrings(value: Json, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}
