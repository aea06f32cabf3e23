// Reads the list answers of the upload routes: each item has its own outcome, and is checked before it is used.
import type { CompletedFile, PutUpload, SignedRequest } from '../../server/protocol.js';
import { type Answer, answerError, isJson, isProblem, isStrings, type Json, problemError } from './answer.js';
import { unexpectedAnswer } from './answer.js';
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
    return guard(item) ? item : unexpectedAnswer();
  });
}

/** Position of the item that made the signer refuse a whole call, such as 3 from `files[3].name`. */
export function faultyItem({ ok, body }: Answer): number | undefined {
  if (ok || !isProblem(body)) return undefined;
  const index = /^\w+\[(\d+)\]/.exec(body.field ?? '')?.[1];
  return index === undefined ? undefined : Number(index);
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

function hasStrings(value: Json, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}
