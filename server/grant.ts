// Grants: a JWT by which a site's own backend lets one person upload, and narrows what they may.
import { errors, jwtVerify } from 'jose';
import * as v from 'valibot';
import { ProblemError } from './problem.js';
import { isCanonical } from './seal.js';
import type { Site } from './sites/site.js';

/** Seconds. */
const MAX_LIFETIME = 24 * 3600;

const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const CLAIMS = v.object({
  exp: v.number(),
  maxFiles: count,
  maxBytes: count,
  // An empty list would widen to everything; a grant can only narrow.
  accept: v.optional(v.pipe(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty())), v.nonEmpty())),
  prefix: v.optional(v.pipe(v.string(), v.regex(/^(?:[\w-][\w.-]{0,63}\/){1,6}$/))),
  jti: v.optional(v.pipe(v.string(), v.nonEmpty())),
});

export interface Grant extends v.InferOutput<typeof CLAIMS> {
  /** What its uses are counted by: its `jti`, else its signature. */
  readonly id: string;
}

/**
 * Checks the grant of a call.
 * @returns What it allows, or `undefined` when the site needs none and none was given.
 * @throws {ProblemError} `grant-required` or `grant-invalid`.
 */
export async function openGrant(
  site: Site,
  grant: string | undefined,
  now: Date,
): Promise<Grant | undefined> {
  if (grant === undefined) {
    if (!site.grant.required) return undefined;
    throw new ProblemError('grant-required', 'This site takes files only with a grant of its backend.');
  }
  for (const secret of isCanonical(grant) ? site.grant.secrets : []) {
    const claims = await verify(grant, secret, { audience: site.key, currentDate: now });
    if (claims) return claims;
  }
  throw new ProblemError('grant-invalid', 'The grant is not valid, not for this site, or has expired.', {
    field: 'grant',
  });
}

async function verify(
  grant: string,
  secret: string,
  expected: { readonly audience: string; readonly currentDate: Date },
): Promise<Grant | undefined> {
  try {
    const options = { ...expected, algorithms: ['HS256'], typ: 'grant+jwt', requiredClaims: ['exp', 'aud'] };
    const { payload } = await jwtVerify(grant, new TextEncoder().encode(secret), options);
    const parsed = v.safeParse(CLAIMS, payload);
    if (!parsed.success) return undefined;
    const secondsLeft = parsed.output.exp - expected.currentDate.getTime() / 1000;
    if (secondsLeft > MAX_LIFETIME) return undefined;
    return { ...parsed.output, id: parsed.output.jti ?? grant.slice(grant.lastIndexOf('.') + 1) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
