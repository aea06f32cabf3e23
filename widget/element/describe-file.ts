// One file in words (pure): how far it is, what kind it is, and its name where space is short.
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import { formatSize } from '../../server/rules/sizes.js';
import type { FileLanguage } from './file-language.js';

/** `1.3 of 2.1 MB`: the unit once where both share it. */
export function describeSent(
  sentBytes: number,
  totalBytes: number,
  { strings, locale }: FileLanguage,
): string {
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
