// A bucket that keeps nothing: takes PUTs, counts and checks them, answers preflights as a real bucket does.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Line } from './line.js';
import type { ObjectStore } from './object-store.js';

export interface SinkCounts {
  puts: number;
  /** PUTs that carried a `content-md5`. */
  digests: number;
  preflights: number;
  /** Answers of 400 and more. */
  refusals: number;
}

interface Sink {
  readonly store: ObjectStore;
  readonly counts: SinkCounts;
  /** Compares each body with its `content-md5`; costs time, so not while measuring. */
  readonly checksMd5: boolean;
  /** Undefined when bodies come as fast as they can. */
  readonly line: Line | undefined;
}

interface Body {
  readonly bytes: number;
  readonly md5?: string;
}

export function createSink(sink: Sink): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sink');
    for (const [name, value] of corsHeaders(request)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') {
      sink.counts.preflights += 1;
      response.writeHead(200).end();
    } else if (request.method === 'PUT') {
      sink.counts.puts += 1;
      if (request.headers['content-md5'] !== undefined) sink.counts.digests += 1;
      sink.line?.slow(request);
      void receive(request, sink.checksMd5).then(
        (body) => answerPut(sink, { request, response, url, body }),
        // The client broke off: nobody is left to answer.
        () => undefined,
      );
    } else if (request.method === 'POST') {
      request.resume().once('end', () => answerPost(sink, url, response));
    } else response.writeHead(405).end();
  });
}

interface Put {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Body;
}

function answerPut(sink: Sink, { request, response, url, body }: Put): void {
  const refuse = (status: number, code: string): void => {
    sink.counts.refusals += 1;
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code></Error>`);
  };
  const expected = url.searchParams.get('x-bench-size');
  if (expected !== null && Number(expected) !== body.bytes) return refuse(403, 'SignatureDoesNotMatch');
  const promised = request.headers['content-md5'];
  if (body.md5 !== undefined && promised !== undefined && promised !== body.md5)
    return refuse(400, 'BadDigest');
  const uploadId = url.searchParams.get('uploadId');
  if (uploadId === null) sink.store.putObject(keyOf(url), body.bytes);
  else sink.store.putPart(uploadId, Number(url.searchParams.get('partNumber')), body.bytes);
  response.writeHead(200, { etag: `"${'0'.repeat(32)}"` }).end();
}

/** S3's own multipart verbs, which clients that sign each of them call directly. */
function answerPost(sink: Sink, url: URL, response: ServerResponse): void {
  const key = keyOf(url);
  const uploadId = url.searchParams.get('uploadId');
  response.writeHead(200, { 'content-type': 'application/xml' });
  if (uploadId === null) {
    const id = `upload-${key}`;
    response.end(
      `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
    return;
  }
  sink.store.finish(key, uploadId);
  response.end(
    `<CompleteMultipartUploadResult><Location>http://sink/${key}</Location><Bucket>bench-bucket</Bucket><Key>${key}</Key><ETag>"0"</ETag></CompleteMultipartUploadResult>`,
  );
}

function receive(request: IncomingMessage, hashes: boolean): Promise<Body> {
  return new Promise((resolve, reject) => {
    const hash = hashes ? createHash('md5') : undefined;
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hash?.update(chunk);
    });
    request.once('end', () => resolve({ bytes, ...(hash && { md5: hash.digest('base64') }) }));
    request.once('error', reject).once('aborted', reject);
  });
}

function corsHeaders({ headers }: IncomingMessage): readonly (readonly [string, string])[] {
  const asked = headers['access-control-request-headers'];
  return [
    ['access-control-allow-origin', headers.origin ?? '*'],
    ['access-control-expose-headers', 'etag, x-amz-version-id, x-amz-request-id'],
    ['vary', 'origin, access-control-request-headers, access-control-request-method'],
    ...(headers['access-control-request-method'] === undefined
      ? []
      : ([
          ['access-control-allow-methods', 'PUT, POST, GET, DELETE'],
          ['access-control-allow-headers', asked ?? ''],
          ['access-control-max-age', '3600'],
        ] as const)),
  ];
}

function keyOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice('/bench-bucket/'.length));
}
