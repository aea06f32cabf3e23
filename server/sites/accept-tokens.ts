// The types a site accepts: reads each token and refuses what could run in a browser or on a server.
import { extensionOf, isActive } from '../rules/accept.js';
import { EXTENSION_TYPES } from '../rules/file-types.js';

const EXPECTED = 'expected a type such as "image/*", "application/pdf" or ".pdf"';
const TOKEN = String.raw`[a-z0-9][a-z0-9!#$&^_.+-]{0,126}`;
const TYPE = new RegExp(String.raw`^(?:\*/\*|${TOKEN}/(?:\*|${TOKEN}))$`);

/** What is wrong with one token of `accept`, or nothing. */
export function acceptProblem(text: string, unsafeActiveTypes: boolean): string | undefined {
  const token = text.trim().toLowerCase();
  if (token.includes(',')) return `has a comma; ${EXPECTED}, each by itself`;
  if (token.startsWith('.') ? !/^\.[a-z0-9_-]{1,16}$/.test(token) : !TYPE.test(token)) {
    return EXTENSION_TYPES.has(token) ? `is no type; did you mean ".${token}"?` : `is no type; ${EXPECTED}`;
  }
  if (!unsafeActiveTypes && isActiveToken(token)) {
    return 'can run scripts where it is opened; leave it out, or set "unsafeActiveTypes": true';
  }
  return undefined;
}

function isActiveToken(token: string): boolean {
  if (token.startsWith('.')) return isActive('', extensionOf(token));
  return isActive(token, '');
}
