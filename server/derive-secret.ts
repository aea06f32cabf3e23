// Derives one secret from another, so that each purpose has a key of its own.

// A fixed salt is fine: the input is already a strong secret. https://www.rfc-editor.org/rfc/rfc5869#section-3.1
const SALT = 'b2-uploader';

/**
 * Gives the secret for one purpose (HKDF-SHA256).
 * @param secret - At least 32 bytes of text that nobody can guess.
 * @param purpose - What the result is for, such as `receipt:pk_live_1`; different purposes give unrelated secrets.
 * @returns 43 characters of base64url (32 bytes), the same for the same input.
 */
export async function deriveSecret(secret: string, purpose: string): Promise<string> {
  return secretDeriver(secret)(purpose);
}

/** `deriveSecret` for many purposes of one secret. */
export function secretDeriver(secret: string): (purpose: string) => Promise<string> {
  const encode = new TextEncoder();
  const imported = crypto.subtle.importKey('raw', encode.encode(secret), 'HKDF', false, ['deriveBits']);
  return async (purpose) => {
    const algorithm = {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: encode.encode(SALT),
      info: encode.encode(purpose),
    };
    return base64Url(new Uint8Array(await crypto.subtle.deriveBits(algorithm, await imported, 256)));
  };
}

/** A secret under rotation is written `current,previous`. */
export function splitSecrets(secret: string): readonly string[] {
  return secret
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/**
 * Gives what a site's receipts are signed with when it names no secret of its own: the current one first.
 * @param signerSecret - `current,previous` while rotating.
 */
export function receiptDeriver(signerSecret: string): (siteKey: string) => Promise<readonly string[]> {
  const derivers = splitSecrets(signerSecret).map(secretDeriver);
  return async (siteKey) => Promise.all(derivers.map((derive) => derive(`receipt:${siteKey}`)));
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
