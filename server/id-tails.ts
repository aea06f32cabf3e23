// The random ends of ids, the same for each try of one file: whichever process is asked, it knows the file again.
import { deriveSecret, splitSecrets } from './derive-secret.js';
import { drawIdTail } from './object-key.js';

/** What makes an upload this one: a nonce with anything else is another upload. */
export interface IdFacts {
  readonly site: string;
  readonly prefix: string;
  readonly nonce: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly md5: string | undefined;
  readonly altText: string | undefined;
  readonly rendition: string | undefined;
  /** By what the source of a rendition is known. */
  readonly source: string | undefined;
}

const ORDER = [
  'site',
  'prefix',
  'nonce',
  'name',
  'size',
  'type',
  'md5',
  'altText',
  'rendition',
  'source',
] as const satisfies readonly (keyof IdFacts)[];

export type IdTails = (facts: IdFacts) => Promise<string>;

/** @param secret - The signer's; without it nobody knows the end of an id, not even who sent the nonce. */
export function createIdTails(secret: string): IdTails {
  let loading: Promise<CryptoKey> | undefined;
  return async (facts) => {
    const text = JSON.stringify(ORDER.map((name) => facts[name] ?? ''));
    const key = await (loading ??= loadKey(secret));
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
    let drawn = 0;
    return drawIdTail(() => (bytes[drawn++] ?? 0) / 256);
  };
}

async function loadKey(secret: string): Promise<CryptoKey> {
  const [current = secret] = splitSecrets(secret);
  const bytes = new TextEncoder().encode(await deriveSecret(current, 'id tail'));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}
