// Allowed origins: reads them from the configuration and compares them with the raw Origin header.
import { getPublicSuffix } from 'tldts';
import type { OriginPattern } from './sites/site.js';

export type ParsedOrigin =
  { readonly pattern: OriginPattern; readonly note?: string } | { readonly problem: string };

interface Pieces {
  readonly scheme: string;
  /** As written, lower case; a leading `*.` cut off. */
  readonly host: string;
  /** Digits, `*` or empty. */
  readonly port: string;
  readonly wildcard: boolean;
}

const EXPECTED = 'expected an origin such as "https://www.example.com"';
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
/** Schemes whose documents borrow or hide their origin: nothing to compare with. */
const OPAQUE_SCHEMES: ReadonlySet<string> = new Set(['blob', 'data', 'javascript', 'about', 'filesystem']);
/** One host-name label (RFC 1123), as browsers serialise it. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST_NAME = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/;
const IPV6 = /^\[[0-9a-f:.]+\]$/;

/**
 * Reads one allowed origin of a configuration.
 * @param text - `https://host`, `https://host:port`, `https://*.host` or `http://localhost:*`.
 * @returns The normalised pattern, with a note where it is not what was written, or what is wrong with it.
 */
export function parseOriginPattern(text: string, world: { readonly production: boolean }): ParsedOrigin {
  const pieces = takeApart(text.trim());
  if ('problem' in pieces) return pieces;
  if (!(pieces.scheme in DEFAULT_PORTS)) return appOrigin(text, pieces);
  const host = canonicalHost(pieces.host);
  if (host === undefined) return { problem: `has a host name that is none; ${EXPECTED}` };
  const known = { ...pieces, host };
  const problem = refusal(known, world.production);
  if (problem !== undefined) return { problem };
  const pattern = patternOf(known);
  const notes = notesOn(text, { pattern, pieces: known });
  return notes.length === 0 ? { pattern } : { pattern, note: notes.join('; ') };
}

/**
 * Tells whether a request's `Origin` header is one of the allowed ones.
 * @param rawOrigin - The header as received. Parsing it first would let look-alikes through:
 * `new URL()` maps `https://x@example.com` and `https://example。com` to an allowed origin.
 */
export function allowsOrigin(patterns: readonly OriginPattern[], rawOrigin: string): boolean {
  return patterns.some((pattern) => matches(pattern, rawOrigin));
}

/** The pattern as people write it: `https://*.acme.dev`, `http://localhost:*`. */
export function formatOriginPattern(pattern: OriginPattern): string {
  switch (pattern.kind) {
    case 'exact':
      return pattern.origin;
    case 'wildcard-label':
      return `${pattern.scheme}://*${pattern.suffix}`;
    case 'any-port':
      return `${pattern.scheme}://${pattern.host}:*`;
    default:
      return pattern satisfies never;
  }
}

/** True for hosts that never leave the machine: `localhost`, its subdomains, 127.0.0.0/8 and `[::1]`. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}

function matches(pattern: OriginPattern, raw: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return raw === pattern.origin;
    case 'wildcard-label': {
      const start = `${pattern.scheme}://`;
      if (!raw.startsWith(start) || !raw.endsWith(pattern.suffix)) return false;
      return LABEL.test(raw.slice(start.length, -pattern.suffix.length));
    }
    case 'any-port': {
      const start = `${pattern.scheme}://${pattern.host}`;
      if (raw === start) return true;
      return raw.startsWith(`${start}:`) && isSentPort(raw.slice(start.length + 1), pattern.scheme);
    }
    default:
      return pattern satisfies never;
  }
}

/** Browsers write ports without leading zeros and leave the default one out. */
function isSentPort(port: string, scheme: string): boolean {
  return /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535 && port !== DEFAULT_PORTS[scheme];
}

function takeApart(text: string): Pieces | { readonly problem: string } {
  if (text === '') return { problem: `is empty; ${EXPECTED}` };
  if (text === '*') return { problem: `would allow every website; ${EXPECTED} for each of yours` };
  if (text === 'null') return { problem: `"null" is what any sandboxed page sends; ${EXPECTED}` };
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  if (OPAQUE_SCHEMES.has(scheme)) return { problem: `"${scheme}:" has no origin of its own; ${EXPECTED}` };
  if (!match?.[2]?.startsWith('//')) return { problem: `has no scheme; expected "${withScheme(text)}"` };
  const rest = match[2].slice(2).toLowerCase();
  if (rest.includes('@')) return { problem: `has a user name in it; ${EXPECTED}` };
  const [authority = '', ...path] = rest.split(/(?=[/?#\\])/);
  if (path.length > 0 && path.join('') !== '/') return { problem: `has a path; ${EXPECTED}, without a path` };
  const port = /:(\*|\d*)$/.exec(authority);
  const host = port ? authority.slice(0, port.index) : authority;
  return { scheme, host: host.replace(/^\*\./, ''), port: port?.[1] ?? '', wildcard: host.startsWith('*.') };
}

/** What the text was probably meant to be; a text that is no host name might be a secret and is not repeated. */
function withScheme(text: string): string {
  if (/^localhost(?::(?:\d+|\*))?$/i.test(text)) return `http://${text.toLowerCase()}`;
  const isHost = /^[\w*-]{1,63}(?:\.[\w-]{1,63})+(?::\d+)?$/.test(text);
  return `https://${isHost ? text.toLowerCase() : 'www.example.com'}`;
}

/** Native shells and extensions (`capacitor://localhost`) send such an origin; it is compared as written. */
function appOrigin(text: string, pieces: Pieces): ParsedOrigin {
  const origin = `${pieces.scheme}://${pieces.host}${pieces.port && `:${pieces.port}`}`;
  const plain = !pieces.wildcard && pieces.port !== '*' && /^(?:[a-z0-9._-]+)?$/.test(pieces.host);
  if (!plain || text.trim().toLowerCase() !== origin) return { problem: `is no origin; ${EXPECTED}` };
  return { pattern: { kind: 'exact', origin }, note: `is compared as written: no website has "${origin}"` };
}

/** Lower case and punycode, as browsers send it. Only configuration is ever parsed like this. */
function canonicalHost(host: string): string | undefined {
  // A percent sign would be decoded into something that nobody sees in the file.
  if (host === '' || /[%\s]/.test(host)) return undefined;
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined;
  const name = url?.hostname ?? '';
  return HOST_NAME.test(name) || IPV6.test(name) ? name : undefined;
}

function refusal(pieces: Pieces, production: boolean): string | undefined {
  const { scheme, host, port, wildcard } = pieces;
  const isLoopback = isLoopbackHost(host);
  if (port === '*' && (!isLoopback || wildcard)) {
    return 'leaves the port open; ":*" is for localhost, 127.0.0.1 and [::1] only';
  }
  if (port !== '' && port !== '*' && !(Number(port) >= 1 && Number(port) <= 65_535)) {
    return 'has a port that is none; expected 1 to 65535';
  }
  if (wildcard && (isIp(host) || isPublicSuffix(host))) {
    return `"*.${host}" would allow other people's websites; expected a domain of yours, such as "https://*.example.com"`;
  }
  if (scheme === 'http' && !isLoopback && production) {
    return `is not encrypted; expected "https://${wildcard ? '*.' : ''}${host}"`;
  }
  return undefined;
}

/** Browsers send a host with a dot at its end as an origin of its own, so the dot must not hide a suffix. */
function isPublicSuffix(host: string): boolean {
  const name = host.replace(/\.$/, '');
  return getPublicSuffix(name, { allowPrivateDomains: true }) === name;
}

function isIp(host: string): boolean {
  return host.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(host);
}

function patternOf({ scheme, host, port, wildcard }: Pieces): OriginPattern {
  if (port === '*') return { kind: 'any-port', scheme, host };
  const digits = port === '' ? '' : String(Number(port));
  const suffix = digits === '' || digits === DEFAULT_PORTS[scheme] ? '' : `:${digits}`;
  if (wildcard) return { kind: 'wildcard-label', scheme, suffix: `.${host}${suffix}` };
  return { kind: 'exact', origin: `${scheme}://${host}${suffix}` };
}

function notesOn(
  text: string,
  found: { readonly pattern: OriginPattern; readonly pieces: Pieces },
): readonly string[] {
  const written = formatOriginPattern(found.pattern);
  const { scheme, host } = found.pieces;
  return [
    ...(written === text ? [] : [`is read as "${written}", which is what browsers send`]),
    ...(scheme === 'http' && !isLoopbackHost(host) ? ['is not encrypted and refused in production'] : []),
  ];
}
