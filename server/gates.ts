// The first origin gate and the CORS headers: decided on the raw Origin header, before a body is read.
import type { Context, MiddlewareHandler } from 'hono';
import { allowsOrigin } from './origin.js';
import { ProblemError } from './problem.js';
import type { SiteRegistry } from './sites/site.js';

/** Seconds that a browser may remember a preflight. */
const PREFLIGHT_MAX_AGE = 600;

export interface GateOptions {
  readonly sites: SiteRegistry;
  /** Whether a call without Origin may pass, because browsers send none there. */
  readonly mayLackOrigin: (c: Context) => boolean;
}

/**
 * Gate 1: an origin that no enabled site allows is refused without CORS headers. What passes gets them on every
 * answer, errors included. The header is compared as a string: parsing it would let look-alikes through.
 */
export function originGate({ sites, mayLackOrigin }: GateOptions): MiddlewareHandler {
  return async (c, next) => {
    c.header('vary', 'origin');
    const origin = c.req.header('origin');
    if (origin === undefined) {
      if (!mayLackOrigin(c)) throw new ProblemError('origin-required', 'The Origin header is required.');
      return next();
    }
    if (!isKnown(origin, sites)) {
      throw new ProblemError('origin-not-allowed', 'No site takes uploads from this origin.');
    }
    c.header('access-control-allow-origin', origin);
    c.header('access-control-expose-headers', 'x-request-id, retry-after');
    if (c.req.method === 'OPTIONS') return preflight(c);
    return next();
  };
}

/** Fixed lists, never an echo of what was asked for. */
function preflight(c: Context): Response {
  c.header('access-control-allow-methods', 'GET, POST');
  c.header('access-control-allow-headers', 'content-type');
  c.header('access-control-max-age', String(PREFLIGHT_MAX_AGE));
  return c.body(null, 204);
}

function isKnown(origin: string, sites: SiteRegistry): boolean {
  for (const site of sites.all()) if (site.enabled && allowsOrigin(site.origins, origin)) return true;
  return false;
}
