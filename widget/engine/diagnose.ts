// Finds out why a request to storage got no answer: the browser tells scripts nothing, so we ask around.
import type { ErrorCode, SignedRequest } from '../../server/protocol.js';
import { isOffline } from './is-offline.js';
import type { Fetch } from './ports.js';
import { reaches } from './reaches.js';
import { UploadError } from './upload-error.js';

export interface Scene {
  readonly request: SignedRequest;
  readonly body: Blob;
  /** Base URL of the signer. */
  readonly signer: string;
  readonly fetch: Fetch;
}

const warnedOrigins = new Set<string>();

/**
 * Names the cause of a send that got no answer.
 * @param cause - What the transport threw.
 * @returns `offline`, `file-missing`, `file-changed`, `file-unreadable`, `signer-unreachable` or, when all else works, `blocked-by-network`.
 */
export async function diagnose(cause: unknown, scene: Scene): Promise<UploadError> {
  if (isOffline()) return new UploadError('offline', 'There is no network.', { retryable: true, cause });
  const code = await probeFile(scene.body);
  if (code) return new UploadError(code, 'The file can no longer be read.', { retryable: false, cause });
  if (!(await reaches(scene.signer, scene.fetch))) {
    return new UploadError('signer-unreachable', 'No service answers.', { retryable: true, cause });
  }
  warnOwner(scene.request);
  return new UploadError('blocked-by-network', 'Storage cannot be reached, the signing service can.', {
    retryable: true,
    cause,
  });
}

/** Chromium: a changed file is `NotReadableError`, a deleted one `NotFoundError`. */
async function probeFile(body: Blob): Promise<ErrorCode | undefined> {
  try {
    await body.slice(0, 1).arrayBuffer();
    return undefined;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotFoundError') return 'file-missing';
    return name === 'NotReadableError' ? 'file-changed' : 'file-unreadable';
  }
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
