// Limits, types and progress in words (pure): what the idle line, the rows and the summary say.
import type { SitePolicy } from '../../server/protocol.js';
import { EXTENSION_TYPES, TYPE_EXTENSIONS } from '../../server/rules/file-types.js';
import { formatSize } from '../../server/rules/sizes.js';
import type { Restrictions } from '../engine/restrictions.js';
import type { KnownStrings, Noun } from './strings.js';

const FAMILIES = ['image', 'video', 'audio', 'text'] as const;

/** What a sentence is written with. */
export interface Language {
  readonly strings: KnownStrings;
  /** BCP 47 tag for numbers and lists. */
  readonly locale: string | undefined;
}

/** The tag that numbers are written by: the nearest `lang` where it fits the language of the messages. */
export function localeOf(element: Element): string {
  const near = element.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang;
  return /^en(-|$)/i.test(near) && Intl.NumberFormat.supportedLocalesOf(near).length > 0 ? near : 'en';
}

/** The limits of an element and of its site as one set: the narrower of each. */
export function narrow(own: Restrictions, policy: SitePolicy | undefined): Restrictions {
  if (!policy) return own;
  return {
    accept: narrowAccept(own.accept ?? [], policy.accept),
    minSizeBytes: Math.max(own.minSizeBytes ?? 0, policy.minSizeBytes ?? 0),
    maxSizeBytes: least(own.maxSizeBytes, policy.maxSizeBytes),
    maxTotalSizeBytes: least(own.maxTotalSizeBytes, policy.maxTotalSizeBytes),
    maxFiles: least(own.maxFiles, policy.maxFiles),
  };
}

function least(one: number | undefined, other: number | null): number {
  return Math.min(one ?? Infinity, other ?? Infinity);
}

/** Tokens that pass both lists; an empty list passes everything. */
function narrowAccept(own: readonly string[], site: readonly string[]): readonly string[] {
  if (own.length === 0 || site.length === 0) return own.length === 0 ? site : own;
  const both = [
    ...own.filter((token) => site.some((other) => covers(other, token))),
    ...site.filter((token) => own.some((other) => covers(other, token))),
  ];
  return both.length === 0 ? own : [...new Set(both)];
}

function covers(wide: string, token: string): boolean {
  const type = token.startsWith('.') ? (EXTENSION_TYPES.get(token.slice(1)) ?? '') : token;
  return wide === token || wide === '*/*' || (wide.endsWith('/*') && type.startsWith(wide.slice(0, -1)));
}

/** What the accepted files are called: all photos, all videos, or files. */
export function nounOf(accept: readonly string[]): Noun {
  const all = (family: string): boolean =>
    accept.length > 0 && accept.every((token) => covers(family, token));
  if (all('image/*')) return 'photo';
  return all('video/*') ? 'video' : 'file';
}

/** Accepted types in words, such as `photos or PDF`; empty when every type is. */
export function describeAccept(accept: readonly string[], { strings, locale }: Language): string {
  const words = accept.map((token) => {
    if (token === '*/*' || token === '*') return strings.families.any;
    if (token.startsWith('.')) return token.slice(1).toUpperCase();
    const family = FAMILIES.find((one) => token === `${one}/*`);
    if (family) return strings.families[family];
    return (TYPE_EXTENSIONS.get(token) ?? token.split('/')[1] ?? '').toUpperCase();
  });
  // .jpg and .jpeg are one word to people.
  const unique = new Set(words.map((word) => (word === 'JPEG' ? 'JPG' : word)));
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(unique);
}

/** The limits in one line, such as `Photos, up to 10 MB each, 10 files`. */
export function describeLimits(limits: Restrictions, isMultiple: boolean, language: Language): string {
  const { strings, locale } = language;
  const { accept = [], maxSizeBytes = Infinity, maxTotalSizeBytes = Infinity, maxFiles = Infinity } = limits;
  const parts: string[] = [];
  if (accept.length > 0) parts.push(describeAccept(accept, language));
  if (maxSizeBytes < Infinity) {
    const size = formatSize(maxSizeBytes, locale);
    parts.push(isMultiple ? strings.limitEach(size) : strings.limitOne(size));
  }
  if (isMultiple && maxFiles < Infinity) parts.push(strings.limitFiles(maxFiles));
  if (isMultiple && maxTotalSizeBytes < Infinity) {
    parts.push(strings.limitTotal(formatSize(maxTotalSizeBytes, locale)));
  }
  const line = parts.join(', ');
  return line.charAt(0).toLocaleUpperCase(locale) + line.slice(1);
}
