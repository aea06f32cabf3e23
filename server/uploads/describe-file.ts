// What a page is told of a stored file: its address, and the receipt that proves it.
import type { SignerContext } from '../context.js';
import type { CompletedFile } from '../protocol.js';
import { sourceIdOf } from '../object-key.js';
import { issueReceipt } from '../receipt.js';
import { publicAddress } from '../storage/presigner.js';
import type { StoredObject } from '../storage/storage.js';
import type { TicketItem } from './each-ticket.js';

/** Equal for equal objects, byte for byte. */
export async function describeFile(
  context: SignerContext,
  item: TicketItem,
  object: StoredObject,
): Promise<CompletedFile> {
  const { id, key, name, size, type, altText, rendition } = item.ticket;
  const proof = {
    key,
    name,
    size,
    type,
    etag: object.etag,
    ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
    ...(altText === undefined ? {} : { altText }),
    ...(rendition === undefined ? {} : { rendition }),
  };
  const source = rendition === undefined ? {} : { renditionOf: sourceIdOf(id) };
  // The time of storing, not of asking: a repeated call must answer with the same bytes.
  const iat = Math.floor(object.storedAt.getTime() / 1000);
  const claims = { iss: context.publicUrl, sub: id, site: item.site.key, ...proof, ...source, iat };
  const receipt = await issueReceipt(claims, item.site.receiptSecrets[0]);
  return { id, url: await fileUrl(context, item, object), ...proof, receipt };
}

async function fileUrl(
  context: SignerContext,
  { ticket, site }: TicketItem,
  object: StoredObject,
): Promise<string> {
  if (site.visibility === 'public') {
    // Where a key can be written twice, the address names the version that was checked.
    const version =
      object.versionId === undefined ? '' : `?versionId=${encodeURIComponent(object.versionId)}`;
    return publicAddress(site.storage, ticket.key) + (site.storage.publicUrl === null ? version : '');
  }
  const { key, name, type } = ticket;
  const expiresAt = Math.floor(object.storedAt.getTime() / 1000) + site.fileLinkSeconds;
  const version = object.versionId === undefined ? {} : { versionId: object.versionId };
  const token = await context.fileLinks.seal({ site: site.key, key, name, type, ...version, expiresAt });
  return `${context.publicUrl}/v1/files/${token}`;
}
