// TRUSTED_PROXIES: the address ranges whose X-Forwarded-For is believed.

export interface TrustedProxies {
  /** CIDR ranges, each with its length: `10.0.0.0/8`, `fd00::/8`. */
  readonly ranges: readonly string[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const EXPECTED = 'expected addresses or CIDR ranges such as "10.0.0.0/8, fd00::/8"';
const EVERYBODY = 'trusts everybody, so any visitor can pretend to be another';

/**
 * Reads the comma-separated list.
 * @param production - Refuses what trusts everybody; elsewhere it is a warning.
 */
export function readTrustedProxies(text: string, production: boolean): TrustedProxies {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
    .map((item) => ({ item, ...readRange(item) }));
  const wide = items
    .filter(({ bits }) => bits === 0)
    .map(({ item }) => `"${item}" ${EVERYBODY}; ${EXPECTED}`);
  return {
    ranges: items.flatMap(({ ranges }) => ranges),
    problems: [...items.flatMap(({ problem }) => problem ?? []), ...(production ? wide : [])],
    warnings: production ? [] : wide,
  };
}

interface Range {
  readonly ranges: readonly string[];
  /** Length of the prefix. */
  readonly bits?: number;
  readonly problem?: string;
}

function readRange(item: string): Range {
  if (item === '*') return { ranges: ['0.0.0.0/0', '::/0'], bits: 0 };
  const [address = '', length, ...more] = item.split('/');
  const maxBits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  const bits = length === undefined ? maxBits : Number(length);
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && bits <= maxBits);
  if (maxBits === 0 || !isLength || more.length > 0) {
    return { ranges: [], problem: `"${item.slice(0, 60)}" is no address range; ${EXPECTED}` };
  }
  if (/^::ffff:/i.test(address)) {
    return {
      ranges: [],
      problem: `"${item}" is an IPv4 range in IPv6 clothes; expected the IPv4 range itself`,
    };
  }
  return { ranges: [`${address}/${bits}`], bits };
}

function isIPv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`);
}
