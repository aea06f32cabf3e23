// Site keys: public names that go into pages, so they must be guess-proof and must not be secrets.

/** A key with less than this can be guessed by trying. */
const MIN_KEY_BITS = 128;

/** What is wrong with a site key, or nothing. */
export function siteKeyProblem(key: string): string | undefined {
  if (looksLikeSecret(key))
    return 'looks like a secret key; expected a public one such as "pk_live_" and 32 hex digits';
  // Read back from an object, such a name would be a method of it.
  if (key in {}) return 'is a reserved word; expected another key';
  if (!/^[\w-]{1,64}$/.test(key)) return 'is no site key; expected 1 to 64 letters, digits, "-" and "_"';
  return undefined;
}

/** Why a site key could be guessed, or nothing. */
export function siteKeyWarning(key: string): string | undefined {
  const random = key.replace(/^pk_(?:live_|test_)?/, '');
  return random.length * bitsPerCharacter(random) < MIN_KEY_BITS
    ? 'is short: it could be guessed; better "pk_live_" and 32 random hex digits'
    : undefined;
}

function looksLikeSecret(key: string): boolean {
  return /^(?:AKIA|ASIA)[A-Z0-9]{12,}$|^sk[_-]|^whsec_|^K00[A-Za-z0-9+/]{20,}|secret/i.test(key);
}

function bitsPerCharacter(text: string): number {
  if (/^[0-9a-f]*$/.test(text)) return 4;
  return /^[0-9a-z-]*$/.test(text) ? 5 : 6;
}
