// Defines <b2-uploader>, once, however often the script is loaded.
import { AttributesElement } from './element/attributes.js';
import { B2Uploader } from './element/b2-uploader.js';

const SCRIPT_NAME = 'b2-uploader.js';

export function register(): void {
  // Inside somebody's bundle the address is theirs, not the signing service's: then the attribute `signer` is required.
  const { protocol, origin, pathname } = new URL(import.meta.url);
  if (/^https?:$/.test(protocol) && pathname.endsWith(`/${SCRIPT_NAME}`))
    AttributesElement.scriptOrigin = origin;
  if (!customElements.get('b2-uploader')) customElements.define('b2-uploader', B2Uploader);
}
