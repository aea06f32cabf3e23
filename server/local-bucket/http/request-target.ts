// Which bucket and key a request names: path style or virtual-host style, decoded once and never normalised.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
import { S3Error } from '../s3-error.js';

const MAX_KEY_BYTES = 1024;

export interface Target {
  /** The decoded path, as signed. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly bucketName?: string;
  readonly key?: string;
}

/**
 * Reads a request line and its Host header.
 * @throws {S3Error} InvalidURI for bytes that are not percent-encoded UTF-8, InvalidArgument for a parameter given twice.
 */
export function parseTarget(url: string, host: string | undefined): Target {
  // A proxy's absolute form, http://host/path, names the same thing.
  const [rawPath = '/', ...rest] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  const path = decode(rawPath) || '/';
  const query = parseQuery(rest.join('?'));
  const hostBucket = bucketOfHost(host ?? '');
  if (hostBucket !== undefined) return { path, query, bucketName: hostBucket, ...keyOf(path.slice(1)) };

  const slash = path.indexOf('/', 1);
  const bucketName = slash < 0 ? path.slice(1) : path.slice(1, slash);
  if (path === '/') return { path, query };
  return { path, query, bucketName, ...keyOf(slash < 0 ? '' : path.slice(slash + 1)) };
}

/**
 * Refuses what S3 cannot hold.
 * @throws {S3Error} KeyTooLongError above 1024 bytes; InvalidURI for NUL and for a key that climbs above its own root.
 */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', undefined, {
      details: { Size: String(bytes), MaxSizeAllowed: String(MAX_KEY_BYTES) },
    });
  }
  // "Relative path elements are valid if their count never exceeds that of the elements before them":
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  let depth = 0;
  for (const element of key.includes('..') ? key.split('/') : []) {
    depth += element === '..' ? -1 : 1;
    if (depth < 0) throw new S3Error('InvalidURI');
  }
  if (key.includes('\0')) throw new S3Error('InvalidURI');
}

function keyOf(key: string): { readonly key?: string } {
  return key === '' ? {} : { key };
}

function parseQuery(source: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const pair of source === '' ? [] : source.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(replacePlus(equals < 0 ? pair : pair.slice(0, equals)));
    if (query.has(name))
      throw new S3Error('InvalidArgument', `Query parameter ${name} is given more than once`);
    if (name !== '') query.set(name, equals < 0 ? '' : decode(replacePlus(pair.slice(equals + 1))));
  }
  return query;
}

function replacePlus(part: string): string {
  return part.includes('+') ? part.replaceAll('+', ' ') : part;
}

function decode(part: string): string {
  try {
    const decoded = part.includes('%') ? decodeURIComponent(part) : part;
    // Bytes above 7F arrive undecoded here: they should have been percent-encoded.
    if (!/^[\x20-\x7e]*$/.test(part)) throw new URIError(part);
    return decoded;
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/** `photos.localhost` and `photos.s3.localhost` name the bucket `photos`; addresses and other names are path style. */
function bucketOfHost(host: string): string | undefined {
  const match = /^(.+?)(?:\.s3(?:\.[a-z0-9-]+)?)?\.localhost\.?(?::\d+)?$/i.exec(host);
  const name = match?.[1]?.toLowerCase();
  // s3.localhost and s3.<region>.localhost are the service itself.
  return name === undefined || name === 's3' || name.startsWith('s3.') ? undefined : name;
}
