// Receipts: the signed proof that a file is in storage, issued by the signer and checked by the site's own backend.
import { SignJWT, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import * as v from 'valibot';
import { splitSecrets } from './derive-secret.js';
import { isCanonical } from './seal.js';

const TYPE = 'receipt+jwt';

const CLAIMS = v.object({
  iss: v.string(),
  /** The upload's id: accept each only once. */
  sub: v.string(),
  /** The site key; check that it is yours. */
  site: v.string(),
  key: v.string(),
  name: v.string(),
  /** Bytes, as storage holds them. */
  size: v.number(),
  type: v.string(),
  etag: v.string(),
  versionId: v.exactOptional(v.string()),
  /** What an image shows, as the page said. */
  altText: v.exactOptional(v.string()),
  /** Name of the rendition, when it is one, and the `sub` of the image that it was made of. */
  rendition: v.exactOptional(v.string()),
  renditionOf: v.exactOptional(v.string()),
  /** Unix seconds at which storage took the file. */
  iat: v.number(),
});

/** What a receipt proves. */
export type ReceiptClaims = Readonly<v.InferOutput<typeof CLAIMS>>;

export type ReceiptErrorCode = 'receipt-malformed' | 'receipt-signature' | 'receipt-site';

/** Why a receipt is not accepted; `code` says which check failed. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
  readonly code: ReceiptErrorCode;

  constructor(code: ReceiptErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Signs a receipt as a compact JWS (HS256, `typ: receipt+jwt`).
 * @param secret - The site's current receipt secret.
 */
export async function issueReceipt(claims: ReceiptClaims, secret: string): Promise<string> {
  const header = { alg: 'HS256', typ: TYPE, kid: await keyId(secret) };
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(new TextEncoder().encode(secret));
}

/**
 * Checks a receipt that a form or a page handed in.
 * @param receipt - The compact JWS.
 * @param secrets - The site's receipt secret; while rotating several, as a list or as `current,previous`.
 * @param options - `site`: the site key that the receipt must be for.
 * @returns The claims; look up `sub` and refuse one that was used before.
 * @throws {TypeError} When no secret is given.
 * @throws {ReceiptError} `receipt-malformed`, `receipt-signature` or `receipt-site`.
 */
export async function verifyReceipt(
  receipt: string,
  secrets: string | readonly string[],
  { site }: { readonly site: string },
): Promise<ReceiptClaims> {
  if (!secrets || secrets.length === 0)
    throw new TypeError('secrets: expected the receipt secret of the site');
  if (!isReceipt(receipt)) throw new ReceiptError('receipt-malformed', 'This is not a receipt.');
  const claims = await firstValid(receipt, typeof secrets === 'string' ? splitSecrets(secrets) : secrets);
  if (claims.site !== site) throw new ReceiptError('receipt-site', 'The receipt is for another site.');
  return claims;
}

async function firstValid(receipt: string, secrets: readonly string[]): Promise<ReceiptClaims> {
  let cause: unknown;
  for (const secret of secrets) {
    try {
      const key = new TextEncoder().encode(secret);
      const { payload } = await jwtVerify(receipt, key, { algorithms: ['HS256'], typ: TYPE });
      return v.parse(CLAIMS, payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) && !v.isValiError(error)) throw error;
      cause = error;
    }
  }
  throw new ReceiptError('receipt-signature', 'The receipt was not signed with this secret.', { cause });
}

function isReceipt(text: string): boolean {
  try {
    return isCanonical(text) && decodeProtectedHeader(text).typ === TYPE;
  } catch {
    return false;
  }
}

/** Names the secret without telling it. */
async function keyId(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`kid ${secret}`));
  return [...new Uint8Array(digest, 0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
