// A word in localStorage: whether it is worth asking for unfinished uploads of a site. Any access may throw.

const KEY = 'b2-uploader:unfinished';

export function mayHaveUnfinished(siteKey: string): boolean {
  return readKeys().includes(siteKey);
}

export function noteUnfinished(siteKey: string): void {
  write([...new Set([...readKeys(), siteKey])]);
}

export function forgetUnfinished(siteKey: string): void {
  write(readKeys().filter((key) => key !== siteKey));
}

function readKeys(): readonly string[] {
  try {
    return localStorage.getItem(KEY)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

function write(keys: readonly string[]): void {
  try {
    if (keys.length > 0) localStorage.setItem(KEY, keys.join(' '));
    else localStorage.removeItem(KEY);
  } catch {
    // Without it, the next visit does not ask by itself.
  }
}
