// Sends a body to storage. XMLHttpRequest, because fetch reports no upload progress.
// https://developer.mozilla.org/en-US/docs/Web/API/XMLHttpRequestUpload/progress_event
import type { SignedRequest } from '../../server/protocol.js';
import { judgeAnswer, readRetryAfter } from '../../server/rules/retry.js';
import type { Send } from './ports.js';
import { UploadError, type UploadErrorOptions } from './upload-error.js';

/**
 * Sends one body with exactly the signed headers.
 * @throws {UploadError} With storage's status; status 0 when there was no answer. The signal's reason when it is aborted.
 */
export const sendByXhr: Send = (request, body, { signal, onProgress, bytes }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    // Fires after load, error, abort and timeout. Safari fires abort for a dropped connection: only our signal means it.
    xhr.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort);
      if (isElsewhere(xhr, request)) reject(storageError(307, ''));
      else if (xhr.status >= 200 && xhr.status < 300) resolve();
      else reject(signal.aborted ? signal.reason : errorOf(xhr));
    });
    signal.addEventListener('abort', abort, { once: true });
    xhr.send(bytes ?? body);
  });

/** XMLHttpRequest follows redirects without asking, with the body; but whoever answers there is not the storage that was signed for. */
function isElsewhere({ responseURL }: XMLHttpRequest, { url }: SignedRequest): boolean {
  // By host: a page may have its requests upgraded to https.
  return Boolean(responseURL) && new URL(responseURL).host !== new URL(url, responseURL).host;
}

function errorOf(xhr: XMLHttpRequest): UploadError {
  // Read only where CORS shows it, which no bucket has to.
  const retryAfter = xhr.status === 503 || xhr.status === 429 ? xhr.getResponseHeader('retry-after') : null;
  return storageError(xhr.status, xhr.responseText, readRetryAfter(retryAfter));
}

/** What an answer of storage that is no success means. */
export function storageError(status: number, body: string, retryAfterSeconds?: number): UploadError {
  if (status === 0) {
    const passing = { retryable: true, persistence: 'long', status } as const;
    return new UploadError('storage-unavailable', 'Storage gave no answer.', passing);
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  const storageCode = /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1] ?? '';
  const message = `Storage answered ${status} ${storageCode}`.trimEnd();
  const facts = { status, storageCode, retryAfterSeconds };
  if (judgeAnswer(status, storageCode) === 'retry') {
    return new UploadError('storage-unavailable', message, {
      retryable: true,
      persistence: 'long',
      passesAtOnce: isElsewhereFree(facts),
      ...facts,
    });
  }
  // Every store names its reason: whoever refused without one stands between.
  const code = storageCode === '' && isForbidden(status) ? 'blocked-by-network' : 'storage-error';
  return new UploadError(code, message, { retryable: code === 'blocked-by-network', ...facts });
}

/** B2 says so of the connection, not of the whole storage. https://www.backblaze.com/blog/b2-503-500-server-error/ */
function isElsewhereFree({
  status,
  storageCode,
  retryAfterSeconds,
}: Pick<UploadErrorOptions, 'status' | 'storageCode' | 'retryAfterSeconds'>): boolean {
  return status === 503 && storageCode === 'ServiceUnavailable' && retryAfterSeconds === undefined;
}

function isForbidden(status: number): boolean {
  return status === 403 || status === 405 || status === 407 || status === 451;
}
