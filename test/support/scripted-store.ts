// A store that does as its script says: a small S3 on loopback for what no real one does on demand.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorageSettings } from '../../server/sites/site.js';
import { testSite } from './test-site.js';

export type StoreCall = 'create' | 'find' | 'list' | 'complete' | 'abort' | 'head' | 'other';

export interface StoreRequest {
  readonly call: StoreCall;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** How many requests of this kind came before. */
  readonly earlier: number;
}

export interface StoreAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Script = Partial<
  Record<StoreCall, (request: StoreRequest) => StoreAnswer | Promise<StoreAnswer>>
>;

export interface ScriptedStore {
  readonly settings: StorageSettings;
  /** What was asked, in order. */
  readonly calls: readonly StoreCall[];
  close(): void;
}

/** What is not in the script is answered as by a store that has nothing. */
export async function startScriptedStore(
  script: Script,
  settings: Partial<StorageSettings> = {},
): Promise<ScriptedStore> {
  const calls: StoreCall[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const query = new URL(request.url ?? '/', 'http://store').searchParams;
    const call = callOf(request.method ?? '', query);
    const earlier = calls.filter((each) => each === call).length;
    calls.push(call);
    const body = Buffer.concat(chunks).toString('utf8');
    const asked = { call, query, headers: request.headers, body, earlier };
    const scripted: StoreAnswer = (await script[call]?.(asked)) ?? { status: 404 };
    response.writeHead(scripted.status ?? 200, { 'content-type': 'application/xml', ...scripted.headers });
    response.end(scripted.body);
  }

  const { port } = server.address() as AddressInfo;
  return {
    settings: { ...testSite().storage, endpoint: `http://127.0.0.1:${port}`, ...settings },
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const xml = {
  created: (uploadId: string) =>
    document('InitiateMultipartUploadResult', `<UploadId>${uploadId}</UploadId>`),
  completed: () => document('CompleteMultipartUploadResult', '<Key>k</Key><ETag>"e-1"</ETag>'),
  error: (code: string) => document('Error', `<Code>${code}</Code><Message>m</Message>`),
  /** A page of parts; `next` where more follow. */
  parts: (parts: readonly { readonly partNumber: number; readonly size: number }[], next?: number) =>
    document(
      'ListPartsResult',
      `<IsTruncated>${next !== undefined}</IsTruncated><NextPartNumberMarker>${next ?? 0}</NextPartNumberMarker>${parts
        .map(
          ({ partNumber, size }) =>
            `<Part><PartNumber>${partNumber}</PartNumber><ETag>"e${partNumber}"</ETag><Size>${size}</Size></Part>`,
        )
        .join('')}`,
    ),
};

/** The answer of HeadObject for a stored file. */
export function stored(size: number, type: string): StoreAnswer {
  const headers = {
    'content-length': String(size),
    'content-type': type,
    etag: '"e-1"',
    'last-modified': 'Sun, 22 Nov 2026 12:00:00 GMT',
  };
  return { headers };
}

function document(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`;
}

function callOf(method: string, query: URLSearchParams): StoreCall {
  if (method === 'HEAD') return 'head';
  if (query.has('uploads')) return method === 'GET' ? 'find' : 'create';
  if (!query.has('uploadId')) return 'other';
  return ({ POST: 'complete', DELETE: 'abort', GET: 'list' } as const)[method] ?? 'other';
}
