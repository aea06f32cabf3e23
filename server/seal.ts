// Sealed tokens: data that a client carries but can neither read nor change. Tickets and file links are made of it.
import { CompactEncrypt, base64url, compactDecrypt, errors } from 'jose';
import { secretDeriver, splitSecrets } from './derive-secret.js';

export interface Sealer {
  /** Seals a JSON value into a token of URL-safe characters; equal values give equal tokens. */
  seal(value: unknown): Promise<string>;
  /** @returns The value, or `undefined` when the token was not made by this sealer, byte for byte. */
  open(token: string): Promise<unknown>;
}

export interface SealerOptions {
  /** Long values are compressed; equal ones then give different tokens. */
  readonly isDense?: boolean;
}

/** Shorter texts hardly shrink. */
const MIN_DENSE_BYTES = 1024;

/**
 * Makes a sealer.
 * @param secret - The signer's secret; `current,previous` while rotating.
 * @param purpose - Tokens of one purpose never open as another's.
 */
export function createSealer(
  secret: string,
  purpose: string,
  { isDense = false }: SealerOptions = {},
): Sealer {
  let keys: Promise<readonly SealKeys[]> | undefined;
  const loadKeys = () =>
    (keys ??= Promise.all(splitSecrets(secret).map((text) => deriveKeys(text, purpose))));
  return {
    async seal(value) {
      const [current] = await loadKeys();
      if (!current) throw new Error('The signer has no secret.');
      const text = new TextEncoder().encode(JSON.stringify(value));
      const header = { alg: 'dir', enc: 'A256GCM' } as const;
      const encrypt = new CompactEncrypt(text);
      // Compressors differ: the same text may become other bytes, for which an IV must never be used again.
      return isDense && text.length > MIN_DENSE_BYTES
        ? encrypt.setProtectedHeader({ ...header, zip: 'DEF' }).encrypt(current.key)
        : encrypt
            .setProtectedHeader(header)
            .setInitializationVector(await syntheticIv(text, current.macKey))
            .encrypt(current.key);
    },
    async open(token) {
      if (!isCanonical(token)) return undefined;
      for (const { key } of await loadKeys()) {
        const text = await decrypt(token, key);
        if (text) return JSON.parse(new TextDecoder().decode(text)) as unknown;
      }
      return undefined;
    },
  };
}

interface SealKeys {
  readonly key: CryptoKey;
  readonly macKey: CryptoKey;
}

async function deriveKeys(secret: string, purpose: string): Promise<SealKeys> {
  const derive = secretDeriver(secret);
  const bytesFor = async (use: string) => new Uint8Array(base64url.decode(await derive(`${purpose} ${use}`)));
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    key: await crypto.subtle.importKey('raw', await bytesFor('key'), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]),
    macKey: await crypto.subtle.importKey('raw', await bytesFor('iv'), hmac, false, ['sign']),
  };
}

/**
 * An IV made from the text itself. It repeats only for the same text, which is what AES-GCM needs, and it lets a
 * repeated call answer with the same bytes.
 */
async function syntheticIv(text: Uint8Array<ArrayBuffer>, macKey: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', macKey, text), 0, 12);
}

async function decrypt(token: string, key: CryptoKey): Promise<Uint8Array | undefined> {
  try {
    const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    return (await compactDecrypt(token, key, options)).plaintext;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** Base64url ignores the spare bits of a last character: `…A` and `…B` decode alike. Only one spelling is ours. */
export function isCanonical(token: string): boolean {
  try {
    return token.split('.').every((part) => base64url.encode(base64url.decode(part)) === part);
  } catch {
    return false;
  }
}
