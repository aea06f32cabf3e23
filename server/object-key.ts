// Where an upload goes in the bucket: keys are the server's, unguessable, ordered by time, and never hold the name (pure).
import { ulid } from 'ulid';
import { TYPE_EXTENSIONS } from './rules/file-types.js';

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** 26 characters of Crockford base32: 48 bits of time, 80 random bits. */
export function createUploadId(now: Date, random: Random): string {
  return ulid(now.getTime(), random);
}

/**
 * The key of an upload: `{prefix}{YYYY}/{MM}/{DD}/{id}.{ext}`, in UTC.
 * @param type - The accepted MIME type; its extension comes from the table, never from the name.
 */
export function objectKey(upload: {
  readonly prefix: string;
  readonly id: string;
  readonly type: string;
  readonly now: Date;
}): string {
  const [year, month, day] = upload.now.toISOString().slice(0, 10).split('-');
  return `${upload.prefix}${year}/${month}/${day}/${upload.id}${dotExtension(upload.type)}`;
}

/** The id of a rendition: it tells its source, and is as unique, so that a receipt's `sub` is. */
export function renditionId(sourceId: string, rendition: string): string {
  return `${sourceId}.${rendition}`;
}

/** The id of the source of a rendition. */
export function sourceIdOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

/** The key of a rendition: beside its source, `…/{id}.{rendition}.{ext}`. */
export function renditionKey(
  source: { readonly id: string; readonly key: string },
  { id, type }: { readonly id: string; readonly type: string },
): string {
  const folder = source.key.slice(0, source.key.lastIndexOf(source.id));
  return folder + id + dotExtension(type);
}

function dotExtension(type: string): string {
  const extension = TYPE_EXTENSIONS.get(type);
  return extension ? `.${extension}` : '';
}

/** A random source backed by the platform's cryptographic generator. */
export const cryptoRandom: Random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
