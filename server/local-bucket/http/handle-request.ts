// One request from its first header to the end of its answer. Whatever goes wrong becomes an S3 error, never a stack trace.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingCall } from '../auth/claims.js';
import type { Payload } from '../auth/authenticate.js';
import { checkBucketName } from '../operations/bucket-name.js';
import { S3Error } from '../s3-error.js';
import type { Answer, Service } from './call.js';
import { answerPreflight, corsHeaders } from './cors.js';
import { checkKey, parseTarget } from './request-target.js';
import type { Target } from './request-target.js';
import { chooseOperation, refusePostObject } from './router.js';
import { errorDocument, text } from './xml.js';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createRequestHandler(
  service: Service,
  authenticate: (call: IncomingCall) => Payload,
): RequestHandler {
  return async function handleRequest(request, response) {
    const exchange: Exchange = { request, response, requestId: randomBytes(8).toString('hex').toUpperCase() };
    const startedAt = performance.now();
    // Clients set their clocks by this.
    response.setHeader('date', service.now().toUTCString());
    response.setHeader('x-amz-request-id', exchange.requestId);
    try {
      const answer = await answerRequest(service, authenticate, exchange);
      await sendAnswer(exchange, answer);
    } catch (error) {
      sendError(service, exchange, error);
    }
    // Neither keys nor addresses: a log is read by more people than a bucket.
    const tookMs = Math.round(performance.now() - startedAt);
    service.log(`${exchange.requestId} ${request.method} ${response.statusCode} ${tookMs} ms`);
  };
}

async function answerRequest(
  service: Service,
  authenticate: (call: IncomingCall) => Payload,
  { request, response }: Exchange,
): Promise<Answer> {
  const { method = '', headers } = request;
  const target = parseTarget(request.url ?? '/', headers.host);
  const bucket = service.store.bucket(target.bucketName ?? '');
  if (method === 'OPTIONS') return answerPreflight(bucket, headers);

  for (const [name, value] of Object.entries(corsHeaders(bucket, method, headers)))
    response.setHeader(name, value);
  if (service.slowDown()) throw new S3Error('SlowDown', undefined, { headers: { 'retry-after': '1' } });
  // A form carries its signature in the body, if anywhere.
  if (method === 'POST' && headers['content-type']?.startsWith('multipart/form-data'))
    refusePostObject(service);
  const payload = authenticate({ method, path: target.path, query: target.query, headers });
  checkNames(target);
  const call = { service, request, response, target, payload };
  return chooseOperation(call)(call);
}

function checkNames({ bucketName, key }: Target): void {
  if (bucketName !== undefined) checkBucketName(bucketName);
  if (key !== undefined) checkKey(key);
}

async function sendAnswer({ request, response }: Exchange, answer: Answer): Promise<void> {
  const body = answer.xml === undefined ? undefined : Buffer.from(answer.xml);
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (body) response.setHeader('content-type', 'application/xml');
  // A 204 has no body and must not say how long it is.
  if (answer.status !== 204 && !response.hasHeader('content-length'))
    response.setHeader('content-length', body?.length ?? 0);
  response.statusCode = answer.status;
  if (answer.send) await answer.send(response);
  else response.end(request.method === 'HEAD' ? undefined : body);
}

function sendError(service: Service, { request, response, requestId }: Exchange, error: unknown): void {
  if (response.headersSent) {
    // The length was promised already: only a broken connection tells the client that bytes are missing.
    response.destroy();
    return;
  }
  const refusal = error instanceof S3Error ? error : new S3Error('InternalError');
  if (refusal !== error)
    service.log(`${requestId} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  const isBodyless = request.method === 'HEAD' || refusal.status === 304;
  const body = Buffer.from(describeError(refusal, request.url ?? '', requestId));
  response.removeHeader('content-length');
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  if (!isBodyless)
    response.setHeader('content-type', 'application/xml').setHeader('content-length', body.length);
  // A client that waits for "100 Continue" will not send the body now: the connection cannot be used again.
  if (request.headers.expect !== undefined) response.setHeader('connection', 'close');
  response.statusCode = refusal.status;
  response.end(isBodyless ? undefined : body);
}

function describeError(refusal: S3Error, url: string, requestId: string): string {
  return errorDocument([
    text('Code', refusal.code),
    text('Message', refusal.message),
    ...Object.entries(refusal.details).map(([name, value]) => text(name, value)),
    text('Resource', url.split('?')[0]),
    text('RequestId', requestId),
    text('HostId', 'local-bucket'),
  ]);
}
