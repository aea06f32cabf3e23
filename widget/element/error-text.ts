// A code and its facts → the sentence for people: what happened and what to do next.
import type { ErrorCode } from '../../server/protocol.js';
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { isOffline } from '../engine/is-offline.js';
import { acceptedType, extensionOf } from '../../server/rules/accept.js';
import { formatSize } from '../../server/rules/sizes.js';
import { describeAccept } from './describe.js';
import type { FileLanguage } from './file-language.js';
import { englishErrors } from './error-strings.js';
import type { Facts } from './file-strings.js';
import type { Strings } from './strings.js';

// What fails where there is no network, whatever part of the way noticed it.
const UNREACHED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'signer-unreachable',
  'blocked-by-network',
  'storage-unavailable',
  'storage-timeout',
]);

/**
 * The sentence under a failed file.
 * @param hasStored - Storage has taken a file before, so that the set-up is right.
 */
export function failureText(file: FileSnapshot, language: FileLanguage, hasStored: boolean): string {
  if (!file.error) return '';
  const code = isOffline() && UNREACHED.has(file.error.code) ? 'offline' : file.error.code;
  const error = { ...file.error, code };
  return errorText(language.strings, error, { ...factsOf(file, error, language), hasStored });
}

/** The sentence under a refused file. */
export function refusalText(rejection: Rejection, language: FileLanguage): string {
  const facts = factsOf(rejection, rejection, language);
  return errorText(language.strings, { ...rejection, retryable: false }, facts);
}

/** The sentence for a code: what happened and what to do next. */
function errorText(
  strings: Strings,
  failure: { readonly code: ErrorCode; readonly retryable: boolean },
  facts: Facts,
): string {
  const message = own(strings.errors, failure.code) ?? own(englishErrors, failure.code);
  return message?.(facts) ?? (failure.retryable ? strings.errorRetryable : strings.errorFinal);
}

/** Own properties only: a page may have extended Object.prototype. */
function own(errors: Strings['errors'], code: ErrorCode): ((facts: Facts) => string) | undefined {
  return Object.hasOwn(errors, code) ? errors[code] : undefined;
}

interface Problem {
  readonly code: ErrorCode;
  readonly limit?: number;
  readonly accept?: readonly string[];
}

/** What a sentence about a failed or refused file may quote. */
function factsOf(
  file: { readonly name: string; readonly size: number },
  problem: Problem,
  language: FileLanguage,
): Facts {
  const { limit = 0, accept = [], code } = problem;
  const isCount = code === 'too-many-files' || code === 'too-few-files';
  return {
    extension: extensionOf(file.name).slice(0, 8).toUpperCase(),
    accepted: describeAccept(accept, language),
    limit: isCount ? String(limit) : formatSize(limit, language.locale),
    mislabelled: acceptedType({ name: file.name, type: '' }, { accept }) !== undefined,
    isEmpty: file.size === 0,
    hasStored: false,
  };
}
