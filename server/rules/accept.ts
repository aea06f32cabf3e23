// The accept rule: which files a site or an element takes. One pure function for dialog, drop, paste, API and signer.
import { ACTIVE_EXTENSIONS, ACTIVE_TYPES, EXTENSION_TYPES, TYPE_EXTENSIONS } from './file-types.js';

export interface AcceptRule {
  /** Tokens as in `<input accept>`: `image/*`, `application/pdf`, `.pdf`; empty accepts every type. */
  readonly accept: readonly string[];
  /** Lets html, svg, js, php and the like through. */
  readonly unsafeActiveTypes?: boolean;
}

export interface NamedType {
  readonly name: string;
  /** MIME type as the browser gave it; may be empty. */
  readonly type: string;
}

const MIME_TYPE = /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/;
/** Whatever their subtype, browsers never take these for a page or a script. */
const MEDIA = /^(?:image|audio|video|font)\//;
const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Tells whether a file passes: its type *and* its extension must. Active content fails by either unless allowed.
 * @returns The normalised MIME type to store, or `undefined` when the file is refused.
 */
export function acceptedType(file: NamedType, rule: AcceptRule): string | undefined {
  const extension = extensionOf(file.name);
  const fromExtension = EXTENSION_TYPES.get(extension) ?? UNKNOWN_TYPE;
  const type = normaliseType(file.type) ?? fromExtension;
  if (!MIME_TYPE.test(type) || type.includes('*')) return undefined;
  if (!rule.unsafeActiveTypes && isActive(type, extension)) return undefined;
  const tokens = rule.accept.map((token) => token.trim().toLowerCase()).filter(Boolean);
  if (tokens.length === 0) return isInert(type) ? type : UNKNOWN_TYPE;
  const typePasses = tokens.some((token) =>
    token.startsWith('.') ? EXTENSION_TYPES.get(token.slice(1)) === type : matchesType(token, type),
  );
  const extensionPasses = tokens.some((token) =>
    token.startsWith('.') ? token.slice(1) === extension : matchesType(token, fromExtension),
  );
  if (!typePasses || !extensionPasses) return undefined;
  return isInert(type) || tokens.includes(type) ? type : UNKNOWN_TYPE;
}

/** Splits the value of an `accept` attribute into its tokens. */
export function parseAccept(text: string): readonly string[] {
  return text
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter(Boolean);
}

/** The last extension, lower case and without its dot; empty when there is none. */
export function extensionOf(name: string): string {
  const base = name.trim().slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot < 0 ? '' : base.slice(dot + 1).toLowerCase();
}

/** True for content that a browser or server may run: html, svg, scripts, programs. */
export function isActive(type: string, extension: string): boolean {
  if (ACTIVE_TYPES.has(type) || ACTIVE_EXTENSIONS.has(extension)) return true;
  return /(?:\+xml|script)$|^multipart\/|^text\/xml-/.test(type);
}

/** Types that nobody knows (`unknown/unknown`) make browsers look at the bytes, and run them if they are a page. */
function isInert(type: string): boolean {
  return MEDIA.test(type) || TYPE_EXTENSIONS.has(type);
}

/** Lower case without parameters; `undefined` when empty. `image/jpg` is what some systems call JPEG. */
function normaliseType(type: string): string | undefined {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
  if (bare === '') return undefined;
  return bare === 'image/jpg' || bare === 'image/pjpeg' ? 'image/jpeg' : bare;
}

function matchesType(token: string, type: string): boolean {
  if (token === '*/*' || token === '*') return true;
  return token.endsWith('/*') ? type.startsWith(token.slice(0, -1)) : normaliseType(token) === type;
}
