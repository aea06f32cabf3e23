// The routes: HTTP in, HTTP out. What they decide is in the files that they call.
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Caller, SignerContext } from './context.js';
import { contentDisposition, GET_EXPIRES_IN } from './file-link.js';
import { findSite } from './find-site.js';
import { originGate } from './gates.js';
import { describeError, type Log } from './log.js';
import { parseCreate, parseSign, parseTickets } from './parse-request.js';
import { asProblemError, ProblemError, toProblem } from './problem.js';
import type { Failed } from './protocol.js';
import { readJson } from './read-body.js';
import { answerReadiness, refuseWhileStopping } from './readiness.js';
import { sitePolicy } from './site-policy.js';
import { signedRequest } from './signed-request.js';
import { abortUploads } from './uploads/abort-uploads.js';
import { completeUploads } from './uploads/complete-uploads.js';
import { createUploads } from './uploads/create-uploads.js';
import { signUploads } from './uploads/sign-uploads.js';
import { uploadStatus } from './uploads/upload-status.js';

const CREATE_MAX_BYTES = 64 * 1024;
const TICKETS_MAX_BYTES = 256 * 1024;

/** Methods of each path; everything else on it answers 405. */
const METHODS: Readonly<Record<string, string>> = {
  '/v1/sites/:siteKey': 'GET',
  '/v1/uploads': 'POST',
  '/v1/uploads/sign': 'POST',
  '/v1/uploads/status': 'POST',
  '/v1/uploads/complete': 'POST',
  '/v1/uploads/abort': 'POST',
  '/v1/files/:fileToken': 'GET',
  '/signed-request': 'GET',
  '/healthz': 'GET',
  '/readyz': 'GET',
};

/** Asked by machines that start, stop and balance the service. */
const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

export interface AppOptions {
  readonly context: SignerContext;
  readonly clientAddress: (c: Context) => string | undefined;
  readonly log: Log;
}

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
    /** The first item of a list that failed. */
    itemError: ProblemError;
  }
}

export function createApp({ context, clientAddress, log }: AppOptions): Hono {
  const app = new Hono();
  const callerOf = (c: Context): Caller => ({
    origin: c.req.header('origin'),
    address: clientAddress(c),
    signal: c.req.raw.signal,
    note: (error) => {
      if (!c.get('itemError')) c.set('itemError', error);
    },
  });
  addFrame(app, { context, log });
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', (c) => answerReadiness(c, context));
  app.get('/v1/sites/:siteKey', (c) =>
    c.json(sitePolicy(findSite(context, c.req.param('siteKey'), callerOf(c)))),
  );
  app.post('/v1/uploads', async (c) => {
    const request = parseCreate(await readJson(c, CREATE_MAX_BYTES));
    return answerList(c, { uploads: await createUploads(context, request, callerOf(c)) }, 201);
  });
  app.post('/v1/uploads/sign', async (c) => {
    const request = parseSign(await readJson(c, TICKETS_MAX_BYTES));
    return answerList(c, { results: await signUploads(context, request, callerOf(c)) });
  });
  app.post('/v1/uploads/status', async (c) =>
    answerList(c, { results: await uploadStatus(context, await readTickets(c), callerOf(c)) }),
  );
  app.post('/v1/uploads/complete', async (c) =>
    answerList(c, { files: await completeUploads(context, await readTickets(c), callerOf(c)) }),
  );
  app.post('/v1/uploads/abort', async (c) =>
    answerList(c, { results: await abortUploads(context, await readTickets(c), callerOf(c)) }),
  );
  app.get('/v1/files/:fileToken', async (c) => openFile(c, context, c.req.param('fileToken')));
  app.get('/signed-request', async (c) => {
    const query = { name: c.req.query('name'), type: c.req.query('type') };
    return c.json(await signedRequest(context, query, callerOf(c)));
  });
  for (const [path, allow] of Object.entries(METHODS)) app.all(path, () => refuseMethod(allow));
  return app;
}

async function readTickets(c: Context): Promise<readonly string[]> {
  return parseTickets(await readJson(c, TICKETS_MAX_BYTES)).tickets;
}

/** What surrounds every route: request id, log line, errors as problems, the first origin gate. */
function addFrame(app: Hono, { context, log }: Pick<AppOptions, 'context' | 'log'>): void {
  app.use(async (c, next) => {
    const startedAt = context.now().getTime();
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    await next();
    c.header('x-request-id', requestId);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    log({
      time: new Date(startedAt).toISOString(),
      requestId,
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      durationMs: context.now().getTime() - startedAt,
      ...describeError(c.error ?? c.get('itemError'), c.req.header('origin')),
    });
  });
  const gate = originGate({ sites: context.sites, mayLackOrigin });
  for (const path of Object.keys(METHODS)) {
    if (HEALTH.has(path)) continue;
    if (!path.includes('files')) app.use(path, gate);
    app.use(path, refuseWhileStopping);
  }
  app.onError((error, c) => answerProblem(c, error));
  app.notFound((c) => answerProblem(c, new ProblemError('not-found', 'There is nothing at this address.')));
}

/** Browsers send no Origin with a same-origin GET; tools that read a policy send neither header. */
function mayLackOrigin(c: Context): boolean {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return false;
  const site = c.req.header('sec-fetch-site');
  return site === 'same-origin' || (site === undefined && c.req.path.startsWith('/v1/sites/'));
}

function refuseMethod(allow: string): never {
  throw new ProblemError('method-not-allowed', `Use ${allow}.`, { allow });
}

function answerProblem(c: Context, thrown: Error): Response {
  const error = asProblemError(thrown);
  const { retryAfterSeconds } = error.details;
  if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds));
  if (error.head.allow !== undefined) c.header('allow', error.head.allow);
  return problemResponse(c, toProblem(error, c.get('requestId')));
}

function problemResponse(c: Context, body: { readonly status: ContentfulStatusCode }): Response {
  c.header('content-type', 'application/problem+json');
  return c.body(JSON.stringify(body), body.status);
}

/** One success keeps the route's status; when every item failed, the answer is the first one's problem. */
function answerList(
  c: Context,
  body: Readonly<Record<string, readonly (object | Failed)[]>>,
  status: ContentfulStatusCode = 200,
): Response {
  const [items = []] = Object.values(body);
  const [first] = items;
  if (!first || !('error' in first) || items.some((item) => !('error' in item))) return c.json(body, status);
  const { code, detail, field, retryAfterSeconds } = first.error;
  const details = {
    ...(field === undefined ? {} : { field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds));
  return problemResponse(c, {
    ...toProblem(new ProblemError(code, detail, details), c.get('requestId')),
    ...body,
  });
}

async function openFile(c: Context, context: SignerContext, token: string): Promise<Response> {
  const link = await context.fileLinks.open(token);
  const site = link && context.sites.find(link.site);
  if (!link || !site?.enabled || !link.key.startsWith(site.prefix)) {
    throw new ProblemError('not-found', 'This link does not open a file, or no longer does.');
  }
  const url = await context.storageOf(site).presignGet({
    key: link.key,
    ...(link.versionId === undefined ? {} : { versionId: link.versionId }),
    expiresInSeconds: GET_EXPIRES_IN,
    contentDisposition: contentDisposition(link),
  });
  return c.redirect(url, 302);
}

/** The pattern that matched, so that no token reaches the log. */
function routeOf(c: Context): string {
  return Object.keys(METHODS).find((path) => matches(path, c.req.path)) ?? 'other';
}

function matches(pattern: string, path: string): boolean {
  const parameter = pattern.indexOf(':');
  if (parameter < 0) return pattern === path;
  return path.startsWith(pattern.slice(0, parameter)) && !path.slice(parameter).includes('/');
}
