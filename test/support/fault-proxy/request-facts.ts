// What rules and log need to know of a request, read off its head.
import type { IncomingMessage } from 'node:http';
import type { Side } from './actions.js';
import type { RequestFacts } from './rule-book.js';

export interface ReadFacts extends RequestFacts {
  readonly path: string;
  readonly uploadId: string | undefined;
}

export function readFacts({ url = '/', method = 'GET', headers }: IncomingMessage): ReadFacts {
  const [path = '/', query = ''] = url.split('?', 2);
  const search = new URLSearchParams(query);
  const partNumber = search.get('partNumber');
  const from: Side =
    headers.origin === undefined && headers['sec-fetch-mode'] === undefined ? 'signer' : 'browser';
  return {
    from,
    method,
    path,
    url,
    partNumber: partNumber === null ? undefined : Number(partNumber),
    bodyBytes: Number(headers['content-length'] ?? 0),
    uploadId: search.get('uploadId') ?? undefined,
    preflightFor: method === 'OPTIONS' ? headers['access-control-request-method'] : undefined,
  };
}
