// What texts about files are written with: the element's language, completed with the messages that come with the files.
import type { Language } from './describe.js';
import { fileEnglish } from './file-strings.js';
import type { KnownStrings, Strings } from './strings.js';

export interface FileLanguage extends Language {
  readonly strings: Strings;
}

/** The same object for the same messages: rows are drawn again when it changes. */
const completed = new WeakMap<KnownStrings, Strings>();

export function fileLanguage({ strings, locale }: Language): FileLanguage {
  const known = completed.get(strings) ?? { ...fileEnglish, ...strings };
  completed.set(strings, known);
  return { strings: known, locale };
}
