// What an object tells of itself (pure): the file's name and an image's description, in headers that every store keeps.
import { encodeForMetadata } from './file-name.js';
import type { TicketContent } from './ticket.js';

/** Of all names and values. Stores differ (B2 and S3 take about 2 000); this fits everywhere. */
const MAX_METADATA_BYTES = 1500;

/** Values of `x-amz-meta-*`, percent-encoded. A description that does not fit is in ticket and receipt only. */
export function uploadMetadata({
  name,
  altText = '',
}: Pick<TicketContent, 'name' | 'altText'>): Readonly<Record<string, string>> {
  const metadata = { name: encodeForMetadata(name) };
  const described = { ...metadata, alt: encodeURIComponent(altText) };
  return altText !== '' && countBytes(described) <= MAX_METADATA_BYTES ? described : metadata;
}

function countBytes(metadata: Readonly<Record<string, string>>): number {
  const headers = Object.entries(metadata).map(([name, value]) => `x-amz-meta-${name}${value}`);
  return headers.join('').length;
}
