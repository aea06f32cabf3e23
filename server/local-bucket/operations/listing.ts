// What the listings share: their parameters, the walk along sorted keys with common prefixes, and the encoding of keys.
import { parameter } from '../http/call.js';
import type { Call } from '../http/call.js';
import { compareKeys } from '../disk/key-index.js';
import type { KeyIndex } from '../disk/key-index.js';
import { S3Error } from '../s3-error.js';

const MAX_PAGE = 1000;

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  /** Writes a key as the client asked for it. */
  readonly encode: (key: string) => string;
  readonly encodingType: string | undefined;
}

export function readListingQuery(call: Call, limitName: string): ListingQuery {
  const encodingType = parameter(call, 'encoding-type');
  if (encodingType !== undefined && encodingType !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      details: { ArgumentName: 'encoding-type', ArgumentValue: encodingType },
    });
  }
  return {
    prefix: parameter(call, 'prefix') ?? '',
    delimiter: parameter(call, 'delimiter') ?? '',
    limit: readLimit(call, limitName),
    encode: encodingType === 'url' ? encodeKey : (key) => key,
    encodingType,
  };
}

/** A page size: pages never hold more than 1000 entries, whatever is asked for. */
export function readLimit(call: Call, name: string): number {
  const value = parameter(call, name);
  if (value === undefined || value === '') return MAX_PAGE;
  if (!/^\d{1,10}$/.test(value) || Number(value) > 2 ** 31 - 1) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      details: { ArgumentName: name, ArgumentValue: value },
    });
  }
  return Math.min(Number(value), MAX_PAGE);
}

export type Entry = { readonly key: string; readonly isPrefix: boolean };

/**
 * Walks keys in order; keys that share a piece up to the delimiter become one entry, and the walk leaps over them.
 * @param after - Entries up to and including this one are left out; a common prefix counts as one.
 */
export function* walkKeys(index: KeyIndex<unknown>, query: ListingQuery, after: string): Generator<Entry> {
  const { prefix, delimiter } = query;
  let position =
    after === '' || compareKeys(after, prefix) < 0 ? index.seek(prefix) : index.seek(after, true);
  const end = index.seekPastPrefix(prefix, position);
  while (position < end) {
    const key = index.keyAt(position) ?? '';
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      yield { key, isPrefix: false };
      position += 1;
    } else {
      const common = key.slice(0, cut + delimiter.length);
      position = index.seekPastPrefix(common, position);
      if (common !== after) yield { key: common, isPrefix: true };
    }
  }
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
