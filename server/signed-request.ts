// GET /signed-request: the route of the Backblaze article, for pages that know nothing of tickets.
import type { Caller, SignerContext } from './context.js';
import { cleanFileName } from './file-name.js';
import { createUploadId, objectKey } from './object-key.js';
import { ProblemError } from './problem.js';
import { acceptedType, extensionOf } from './rules/accept.js';
import { EXTENSION_TYPES } from './rules/file-types.js';
import type { Site } from './sites/site.js';
import { findSite } from './find-site.js';

/** Seconds. */
const EXPIRES_IN = 60;
const PER_MINUTE_AND_ADDRESS = 60;

/**
 * Signs a PUT for one file known by its name only. Its size cannot be bound, and its type only when it is given:
 * hence the short life, the random key in a folder of its own, and a limit for each address.
 */
export async function signedRequest(
  context: SignerContext,
  query: { readonly name: string | undefined; readonly type: string | undefined },
  caller: Caller,
): Promise<{ readonly url: string }> {
  const site = articleSite(context, caller);
  if (query.name === undefined || query.name === '' || query.name.length > 1024) {
    throw new ProblemError('invalid-name', 'Give the name of the file: ?name=photo.jpg', { field: 'name' });
  }
  const name = cleanFileName(query.name);
  const expected = EXTENSION_TYPES.get(extensionOf(name)) ?? 'application/octet-stream';
  const type = acceptedType({ name, type: query.type || expected }, site);
  if (type === undefined) {
    throw new ProblemError('type-not-allowed', 'Files of this type are not accepted.', { field: 'name' });
  }
  await takeTurn(context, site, caller);
  const now = context.now();
  const prefix = `${site.prefix}unverified/`;
  const key = objectKey({ prefix, id: createUploadId(now, context.random), type, now });
  const bound = query.type ? { type } : {};
  return {
    url: await context.storageOf(site).presignLoosePut({ key, ...bound, expiresInSeconds: EXPIRES_IN }),
  };
}

function articleSite(context: SignerContext, caller: Caller): Site {
  for (const site of context.sites.all()) if (site.signedRequest) return findSite(context, site.key, caller);
  throw new ProblemError('not-found', 'This route is off.');
}

async function takeTurn(
  { limiter }: SignerContext,
  site: Site,
  { address = 'unknown' }: Caller,
): Promise<void> {
  const key = `signed-request ${site.key} ${address}`;
  const retryAfterSeconds = await limiter.take([{ key, points: PER_MINUTE_AND_ADDRESS, seconds: 60 }], 1);
  if (retryAfterSeconds !== undefined) {
    throw new ProblemError('rate-limited', 'Too many requests. Wait and try again.', { retryAfterSeconds });
  }
}
