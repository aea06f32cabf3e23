// Writes the word that the next visit looks at before it asks for unfinished uploads.
import { KEY, readKeys } from './read-hint.js';

export function noteUnfinished(siteKey: string): void {
  write([...new Set([...readKeys(), siteKey])]);
}

export function forgetUnfinished(siteKey: string): void {
  write(readKeys().filter((key) => key !== siteKey));
}

function write(keys: readonly string[]): void {
  try {
    if (keys.length > 0) localStorage.setItem(KEY, keys.join(' '));
    else localStorage.removeItem(KEY);
  } catch {
    // Without it, the next visit does not ask by itself.
  }
}
