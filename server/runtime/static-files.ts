// The built widget and the demo page: read once at start, served by exact name, so no path can lead elsewhere.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ProblemError, toProblem } from '../problem.js';

/** Anything that answers requests, such as a Hono app. */
export interface Fetcher {
  fetch(request: Request, env?: object): Response | Promise<Response>;
}

export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same, compressed when it is first asked for; undefined where that gains nothing. */
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Files by path of the address. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

const FOREVER = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';
/** Pages of other origins load the script: that is what it is for. */
const FOR_EVERYBODY = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
const NOT_IN_FRAMES = {
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** The script at `/b2-uploader.js` and its lazy parts under `/assets/`, from the folder `dist/widget`. */
export function widgetFiles(folder: string): StaticFiles {
  const served = filesIn(folder).filter(
    ({ name }) => name === 'b2-uploader.js' || name.startsWith('assets/'),
  );
  return new Map(
    served.map(({ name, path }) => {
      const caching = name.startsWith('assets/') ? FOREVER : REVALIDATE;
      return [
        `/${name}`,
        staticFile(name, readFileSync(path), { 'cache-control': caching, ...FOR_EVERYBODY }),
      ];
    }),
  );
}

/** The demo page at `/` and the rest of it under `/demo/`, with the site's key filled in. */
export function demoFiles(folder: string, siteKey: string): StaticFiles {
  return new Map(
    filesIn(folder).map(({ name, path }) => {
      const address = name === 'index.html' ? '/' : `/demo/${name}`;
      const caching = { 'cache-control': name.startsWith('assets/') ? FOREVER : REVALIDATE };
      if (!name.endsWith('.html')) return [address, staticFile(name, readFileSync(path), caching)];
      const page = readFileSync(path, 'utf8').replaceAll('__SITE_KEY__', siteKey);
      return [address, staticFile(name, new TextEncoder().encode(page), { ...caching, ...NOT_IN_FRAMES })];
    }),
  );
}

/** Answers for the files, and leaves everything else to the signer. */
export function withFiles(signer: Fetcher, files: StaticFiles): Fetcher {
  return {
    fetch: async (request, env) => {
      const { pathname } = new URL(request.url);
      const file = files.get(pathname);
      if (file === undefined) return forEverybody(pathname, await signer.fetch(request, env));
      return request.method === 'GET' || request.method === 'HEAD' ? answer(request, file) : refuse();
    },
  };
}

/** A page of another origin may see that a part of the script is missing. */
function forEverybody(pathname: string, answer: Response): Response {
  if (!pathname.startsWith('/assets/')) return answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(FOR_EVERYBODY)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

function refuse(): Response {
  const problem = toProblem(new ProblemError('method-not-allowed', 'Use GET.'), crypto.randomUUID());
  const headers = { allow: 'GET, HEAD', 'content-type': 'application/problem+json', ...FOR_EVERYBODY };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

async function answer(request: Request, file: StaticFile): Promise<Response> {
  const known = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((etag) => etag.trim().replace(/^W\//, ''));
  if (known?.includes((file.headers['etag'] ?? '').replace(/^W\//, '')) || known?.includes('*')) {
    const { 'content-type': _, ...headers } = file.headers;
    return new Response(null, { status: 304, headers });
  }
  const takesGzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  const packed = takesGzip ? await file.gzip() : undefined;
  const body = packed ?? file.body;
  const encoding: Record<string, string> = packed ? { 'content-encoding': 'gzip' } : {};
  const headers = { ...file.headers, ...encoding, 'content-length': String(body.length) };
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}

function staticFile(
  name: string,
  content: Uint8Array,
  headers: Readonly<Record<string, string>>,
): StaticFile {
  const body = new Uint8Array(content);
  let packing: Promise<Uint8Array<ArrayBuffer> | undefined> | undefined;
  return {
    body,
    gzip: () => (packing ??= compress(body)),
    headers: {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      vary: 'accept-encoding',
      etag: `W/"${createHash('sha256').update(body).digest('base64url')}"`,
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  };
}

/** Large files take a tenth of a second: not at every start, and not on the thread that answers. */
async function compress(body: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const packed = new Uint8Array(await promisify(gzip)(body, { level: 9 }));
  return packed.length < body.length * 0.9 ? packed : undefined;
}

function filesIn(folder: string): readonly { readonly name: string; readonly path: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path).replaceAll(sep, '/'), path }));
}
