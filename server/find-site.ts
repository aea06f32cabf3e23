// Gate 2: the site is known now, so the origin must be one of its own.
import type { Caller, SignerContext } from './context.js';
import { allowsOrigin } from './origin.js';
import { ProblemError, unknownSite } from './problem.js';
import type { Site } from './sites/site.js';

/** @throws {ProblemError} `unknown-site`, `origin-not-allowed` or `site-disabled`. */
export function findSite(context: SignerContext, siteKey: string, caller: Caller): Site {
  const site = context.sites.find(siteKey);
  if (!site) throw unknownSite();
  if (caller.origin !== undefined && !allowsOrigin(site.origins, caller.origin)) {
    throw new ProblemError('origin-not-allowed', 'This site does not take uploads from this origin.');
  }
  if (!site.enabled)
    throw new ProblemError('site-disabled', 'This site does not take uploads at the moment.');
  return site;
}
