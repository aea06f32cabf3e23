// Who is calling: the socket's address, or what a trusted proxy says; grouped as limits count it.
import { BlockList, isIP } from 'node:net';

export interface Hops {
  /** Address of the socket's other end. */
  readonly remoteAddress: string | undefined;
  /** `X-Forwarded-For` as received. */
  readonly forwardedFor: string | undefined;
}

/**
 * Makes the function that finds a caller's address.
 * @param trustedProxies - CIDR ranges; only what they add to `X-Forwarded-For` is believed.
 * @returns An IPv4 address or an IPv6 /64, which is what one household or server gets.
 */
export function clientAddressOf(trustedProxies: readonly string[]): (hops: Hops) => string | undefined {
  const trusted = new BlockList();
  for (const range of trustedProxies) {
    const [address = '', bits = ''] = range.split('/');
    trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  return ({ remoteAddress, forwardedFor }) => {
    const claimed = (forwardedFor ?? '').split(',').map((hop) => plainAddress(hop.trim()));
    let address = plainAddress(remoteAddress ?? '');
    // From the right: the last entry was added by the proxy next to us, everything left of it is hearsay.
    // https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address
    while (address !== undefined && trusted.check(address, familyOf(address))) {
      const next = claimed.pop();
      if (next === undefined) break;
      address = next;
    }
    return address === undefined ? undefined : grouped(address);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** The address alone: without brackets, port and zone; IPv4 also where it comes dressed as IPv6. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? undefined : address;
}

function grouped(address: string): string {
  if (isIP(address) === 4) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // The last 32 bits may be written as IPv4; they lie beyond the /64 either way.
  const rightLength = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - rightLength);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
