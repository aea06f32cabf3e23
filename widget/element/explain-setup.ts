// For the owner of a site: what is wrong and how to mend it. Loaded when something is.
import type { ErrorCode } from '../../server/protocol.js';
import type { Cause } from './setup-controller.js';

/** @returns Undefined when the signer's own words are all there is. */
export function explain({ code, message }: Cause, siteKey: string, signer: string): string | undefined {
  const hint: Partial<Record<ErrorCode, string>> = {
    'unknown-site': `${signer} knows no site "${siteKey}". Compare site-key with the sites of the signing service.`,
    'site-disabled': `the site "${siteKey}" is disabled in the signing service.`,
    'origin-not-allowed': `add "${location.origin}" to the origins of the site "${siteKey}" in the signing service (ALLOWED_ORIGINS or sites.json).`,
    'storage-error': `${message} The log of the signing service names the cause.`,
  };
  return hint[code];
}
