// Finds out why a request to storage got no answer: the browser tells scripts nothing, so we ask around.
import type { ErrorCode, SignedRequest } from '../../server/protocol.js';
import { isOffline } from './is-offline.js';
import type { Fetch } from './ports.js';
import { reaches, reachesSigner } from './reaches.js';
import { UploadError } from './upload-error.js';

export interface Scene {
  readonly request: SignedRequest;
  readonly body: Blob;
  /** Base URL of the signer. */
  readonly signer: string;
  readonly fetch: Fetch;
}

const warnedOrigins = new Set<string>();

/** Storage that a script of this page has had an answer from, so that its CORS rules let the page in. */
const openOrigins = new Set<string>();

/** Storage let this page send to it, or read its answer. */
export function noteOpen({ url }: SignedRequest): void {
  openOrigins.add(new URL(url).origin);
}

/**
 * Names the cause of a send that got no answer.
 * @param cause - What the transport threw.
 * @returns `offline`, `file-missing`, `file-changed`, `file-unreadable`, `signer-unreachable`, `storage-unavailable`
 * when storage is down or the line broke, or `blocked-by-network` when it answers but not to this page.
 */
export async function diagnose(cause: unknown, scene: Scene): Promise<UploadError> {
  const passing = { retryable: true, persistence: 'long', status: 0, cause } as const;
  if (isOffline()) return new UploadError('offline', 'There is no network.', passing);
  const unreadable = await probeFile(scene.body);
  if (unreadable) return unreadable;
  if (!(await reachesSigner(scene))) {
    return new UploadError('signer-unreachable', 'No service answers.', passing);
  }
  const storage = new URL(scene.request.url).origin;
  if (openOrigins.has(storage) || !(await reaches(`${storage}/`, scene.fetch))) {
    return new UploadError('storage-unavailable', 'The connection to storage broke.', passing);
  }
  warnOwner(scene.request);
  return new UploadError('blocked-by-network', 'Storage cannot be reached, the signing service can.', {
    ...passing,
    persistence: 'brief',
  });
}

/** The error of a body that can no longer be read; undefined when it can. */
async function probeFile(body: Blob): Promise<UploadError | undefined> {
  try {
    await body.slice(0, 1).arrayBuffer();
    return undefined;
  } catch (cause) {
    return readError(cause);
  }
}

/** What a failed read means. Chromium: a changed file is `NotReadableError`, a deleted one `NotFoundError`. */
export function readError(cause: unknown): UploadError {
  const name = cause instanceof Error ? cause.name : '';
  const codes: Readonly<Record<string, ErrorCode>> = {
    NotFoundError: 'file-missing',
    NotReadableError: 'file-changed',
  };
  const code = codes[name] ?? 'file-unreadable';
  return new UploadError(code, 'The file can no longer be read.', { retryable: false, cause });
}

/** One line per storage for whoever set the site up; the address only, for its query is a signature. */
function warnOwner({ url, method, headers }: SignedRequest): void {
  const storage = new URL(url).origin;
  if (warnedOrigins.has(storage)) return;
  warnedOrigins.add(storage);
  console.error(
    `b2-uploader: blocked-by-network: ${storage} did not answer, though the signing service does. Either the bucket ` +
      'does not exist, or its CORS rules do not let this page in: allow the origin ' +
      `${globalThis.location?.origin ?? 'of this page'}, the method ${method} and the headers ${Object.keys(headers).join(', ')}.`,
  );
}
