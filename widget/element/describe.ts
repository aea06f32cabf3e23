// Limits, types and progress in words (pure): what the idle line, the rows and the summary say.
import type { ErrorCode, SitePolicy } from '../../server/protocol.js';
import { acceptedType, extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES, TYPE_EXTENSIONS } from '../../server/rules/file-types.js';
import { formatSize } from '../../server/rules/sizes.js';
import type { Restrictions } from '../engine/restrictions.js';
import type { Facts, Noun, Strings } from './strings.js';

const FAMILIES = ['image', 'video', 'audio', 'text'] as const;

/** What a sentence is written with. */
export interface Language {
  readonly strings: Strings;
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

interface Problem {
  readonly code: ErrorCode;
  readonly limit?: number;
  readonly accept?: readonly string[];
}

/** What a sentence about a failed or refused file may quote. */
export function factsOf(
  file: { readonly name: string; readonly size: number },
  problem: Problem,
  language: Language,
): Facts {
  const { limit = 0, accept = [], code } = problem;
  const isCount = code === 'too-many-files' || code === 'too-few-files';
  return {
    extension: extensionOf(file.name).slice(0, 8).toUpperCase(),
    accepted: describeAccept(accept, language),
    limit: isCount ? String(limit) : formatSize(limit, language.locale),
    mislabelled: acceptedType({ name: file.name, type: '' }, { accept }) !== undefined,
    isEmpty: file.size === 0,
  };
}

/** `1.3 of 2.1 MB`: the unit once where both share it. */
export function describeSent(sentBytes: number, totalBytes: number, { strings, locale }: Language): string {
  const total = formatSize(totalBytes, locale);
  const sent = formatSize(sentBytes, locale);
  const unit = /[^\d.,]+$/.exec(total)?.[0];
  const isShared = unit !== undefined && sent.endsWith(unit);
  return strings.sent(isShared ? sent.slice(0, -unit.length) : sent, total);
}

export function formatPercent(fraction: number, locale: string | undefined): string {
  // 100 % is said only when it is true.
  const shown = fraction >= 1 ? 1 : Math.min(0.99, Math.floor(fraction * 100) / 100);
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(shown);
}

/** Families that have a tile of their own colour. */
export type TileKind =
  'image' | 'video' | 'audio' | 'pdf' | 'text' | 'sheet' | 'slides' | 'archive' | 'other';

const TILES: readonly (readonly [TileKind, RegExp])[] = [
  ['image', /^image\//],
  ['video', /^video\//],
  ['audio', /^audio\//],
  ['pdf', /pdf$/],
  ['sheet', /excel|spreadsheet|csv/],
  ['slides', /powerpoint|presentation/],
  ['archive', /zip|tar|7z|rar/],
  ['text', /^text\/|word|opendocument\.text|rtf|json/],
];

/** The colour family of a file's tile. */
export function tileKind(name: string, type: string): TileKind {
  const full = type || (EXTENSION_TYPES.get(extensionOf(name)) ?? '');
  return TILES.find(([, pattern]) => pattern.test(full))?.[0] ?? 'other';
}

/**
 * Cuts a long name so that only its head gives way when space is short.
 * @returns Head and tail; the tail keeps the extension and is empty for names that are short anyway.
 */
export function splitName(name: string): readonly [head: string, tail: string] {
  // Code points: a surrogate pair stays whole.
  const letters = Array.from(name);
  if (letters.length < 16) return [name, ''];
  const extension = extensionOf(name).length;
  const tail = extension > 0 && extension < 8 ? extension + 5 : 5;
  return [letters.slice(0, -tail).join(''), letters.slice(-tail).join('')];
}
