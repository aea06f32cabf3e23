// A word in localStorage: the sites of which uploads may be unfinished. Any access may throw.

export const KEY = 'b2-uploader:unfinished';

export function readKeys(): readonly string[] {
  try {
    return localStorage.getItem(KEY)?.split(' ') ?? [];
  } catch {
    return [];
  }
}
