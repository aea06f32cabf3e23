// For the owner of a site: what is wrong and how to mend it. Loaded when something is.
import type { ErrorCode } from '../../server/protocol.js';
import type { SetupProblem } from './options.js';
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

/** What is wrong with the attributes. */
export function explainAttributes(problem: SetupProblem, signer: string): string {
  return {
    'no-signer': 'the attribute signer is missing: the address of the signing service.',
    'signer-no-address': `signer="${signer}" is not an address; use one such as "https://uploads.example.com".`,
    'signer-not-https': `signer="${signer}" is http and this page is https: browsers block that. Use https.`,
    'no-site-key': 'the attribute site-key is missing: the public key of the site.',
    'site-key-secret':
      'site-key looks like a secret key. It is public now: replace it where it was made, and put the public key here.',
  }[problem];
}
