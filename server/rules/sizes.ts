// Sizes as people write them ("10MB", "1.5 GiB") to bytes and back; one grammar for attributes, sites.json and messages.

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Reads a size.
 * @param text - Digits with an optional fraction and an optional unit: B, kB MB GB TB (decimal) or KiB MiB GiB TiB (binary), in any case.
 * @returns Whole bytes, or `undefined` when the text is not a size or exceeds 2^53 - 1.
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim());
  const unit = UNIT_BYTES[match?.[2]?.toLowerCase() ?? ' '];
  if (!match || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Writes a size for people, in decimal units as file managers show them: one decimal from 1 MB up.
 * @param bytes - Whole bytes.
 * @param locale - BCP 47 tag for the digits.
 */
export function formatSize(bytes: number, locale?: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let power = 0;
  // 999 950 bytes would read "1,000 kB": step up where rounding reaches the next unit.
  while (power < 4 && bytes >= 999.5 * 1000 ** power) power += 1;
  const value = bytes / 1000 ** power;
  return formatter(units[power] ?? 'byte', locale).format(value);
}

/** Making one costs a hundred times what using it does. */
const formatters = new Map<string, Intl.NumberFormat>();

function formatter(unit: string, locale: string | undefined): Intl.NumberFormat {
  const key = `${unit} ${locale ?? ''}`;
  const known = formatters.get(key);
  if (known) return known;
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  const maximumFractionDigits = unit === 'byte' || unit === 'kilobyte' ? 0 : 1;
  const made = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits });
  formatters.set(key, made);
  return made;
}
