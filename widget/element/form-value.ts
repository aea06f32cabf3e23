// What a form gets from the files: its entries and whether it may be sent (pure).
import type { FileSnapshot } from '../engine/snapshot.js';
import type { KnownStrings, Noun } from './strings.js';

export const VALUE_FORMATS = ['url', 'key', 'receipt', 'json'] as const;
export type ValueFormat = (typeof VALUE_FORMATS)[number];

/** One string per finished file, in order. */
export function formValues(files: readonly FileSnapshot[], format: ValueFormat): readonly string[] {
  return files.filter((file) => file.status === 'complete').map((file) => formValue(file, format));
}

function formValue(file: FileSnapshot, format: ValueFormat): string {
  if (format !== 'json') return file[format] ?? '';
  const { id, key, url, name, size, type, width, height, altText, receipt, renditions } = file;
  return JSON.stringify({ id, key, url, name, size, type, width, height, altText, receipt, renditions });
}

export interface FormFacts {
  /** From `setCustomValidity()`; empty for none. */
  readonly customMessage: string;
  /** What files wait for that only people can give; empty for nothing. */
  readonly missingText: string;
  /** Files are being sent or paused: a submit waits for them. */
  readonly isWaitedFor: boolean;
  /** Nothing can be sent: the set-up is wrong. */
  readonly isBroken: boolean;
  readonly isRequired: boolean;
  readonly minFiles: number;
  /** Files listed; refused ones are not among them. */
  readonly count: number;
  readonly storedCount: number;
  readonly failedCount: number;
  readonly noun: () => Noun;
}

export interface Invalidity {
  readonly flags: ValidityStateFlags;
  readonly message: string;
}

/** Why the form may not be sent; `undefined` when it may. A busy element is valid: its submit waits. */
export function findInvalidity(facts: FormFacts, strings: KnownStrings): Invalidity | undefined {
  const said = facts.customMessage || facts.missingText;
  if (said) return { flags: { customError: true }, message: said };
  if (facts.isWaitedFor) return undefined;
  const { count, failedCount } = facts;
  if (facts.isBroken && facts.storedCount < count) {
    return { flags: { customError: true }, message: strings.misconfigured };
  }
  if (facts.isRequired && count === 0) {
    return { flags: { valueMissing: true }, message: strings.valueMissing(facts.noun()) };
  }
  if (failedCount > 0) {
    return { flags: { customError: true }, message: strings.uploadsFailed(failedCount) };
  }
  // As with minlength, an empty field is the business of `required`.
  if (count > 0 && count < facts.minFiles) {
    return { flags: { tooShort: true }, message: strings.tooFew(facts.minFiles) };
  }
  return undefined;
}
